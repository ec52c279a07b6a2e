// The one stream of a page that shows what others change: hears what was told (ids, never names) and passes it on as an event of the document, `chartroom:news`
// with { topic, text }. `missed` says that something may have gone by; so a page need not know why.
(() => {
  'use strict';
  const source = document.querySelector('[data-news]');
  if (!source || !window.EventSource) return;
  const topics = ['visit', 'calendar', 'patient', 'asked', 'missed', 'here', 'gone', 'edit', 'ended'];
  const slow = 20_000;   // how often a page looks for itself while the stream is broken
  const silence = 50_000;   // the server says a word every 15 s
  const root = document.documentElement;
  let stream = null;
  let wasLost = false;
  let heardAt = Date.now();

  const tell = (topic, text = '') => document.dispatchEvent(new CustomEvent('chartroom:news', { detail: { topic, text } }));

  function open() {
    if (stream || document.hidden) return;
    stream = new EventSource(source.dataset.news);
    stream.addEventListener('beat', () => { heardAt = Date.now(); });
    stream.addEventListener('hello', () => {
      heardAt = Date.now();
      root.dataset.live = 'true';
      tell('hello');
      if (wasLost) tell('missed');
      wasLost = false;
    });
    for (const topic of topics) stream.addEventListener(topic, event => { heardAt = Date.now(); tell(topic, event.data); });
    stream.addEventListener('ended', close);
    stream.addEventListener('error', lost);
  }

  // The browser tries again by itself, but for an answer that is no stream: then the next round does.
  function lost() {
    wasLost = true;
    delete root.dataset.live;
    if (stream?.readyState === EventSource.CLOSED) stream = null;
  }

  function close() {
    stream?.close();
    stream = null;
    wasLost = true;
    delete root.dataset.live;
  }

  function round() {
    if (document.hidden) return;
    if (root.dataset.live && Date.now() - heardAt > silence) close();   // a line that is cut without a word
    if (root.dataset.live) return;
    tell('missed');
    open();
  }

  // A browser has few connections to one server: a tab that nobody looks at gives its own back.
  document.addEventListener('visibilitychange', () => document.hidden ? close() : open());
  window.addEventListener('pagehide', close);
  window.addEventListener('pageshow', event => { if (event.persisted) open(); });
  setInterval(round, slow);
  setTimeout(open);   // once every script of the page listens
})();
