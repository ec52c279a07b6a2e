// The board: counts the minutes on, renews itself when something changed, and moves the visit that has the focus by keys. Without script it is as of when it was opened.
(() => {
  'use strict';
  const find = () => document.getElementById('board');
  if (!find()?.dataset.board) return;
  const keysAreOn = () => localStorage.getItem('keys') !== 'off';
  let ahead = Number(find().dataset.now) - Date.now();   // the server's clock counts
  let renewed = Date.now();

  // ---- Minutes ----------------------------------------------------------------------------------------------------
  const span = minutes => minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;

  function words(minutes, { warn, bad, expected }) {
    if (expected) return minutes < 0 ? `in ${span(-minutes)}` : minutes === 0 ? 'now' : `${span(minutes)} late`;
    return span(minutes) + (minutes >= bad ? ', too long' : minutes >= warn ? ', long' : '');
  }

  function tick() {
    const now = Date.now() + ahead;
    for (const time of document.querySelectorAll('.board-time')) {
      const minutes = Math.floor((now - Number(time.dataset.from)) / 60_000);
      const tone = minutes >= Number(time.dataset.bad) ? 'tone-bad' : minutes >= Number(time.dataset.warn) ? 'tone-warn' : 'tone-neutral';
      time.classList.remove('tone-bad', 'tone-warn', 'tone-neutral');
      time.classList.add(tone);
      const text = words(minutes, { warn: Number(time.dataset.warn), bad: Number(time.dataset.bad), expected: time.dataset.expected });
      const shown = time.querySelector('[data-words]');
      if (shown.textContent !== text) shown.textContent = text;
    }
    const clock = document.querySelector('[data-clock]');
    if (clock) clock.textContent = new Date(now).toLocaleTimeString('en-US', { hour: 'numeric', minute: '2-digit', timeZone: clock.dataset.clock });
    const fault = document.querySelector('[data-board-fault]');
    const isLive = document.documentElement.dataset.live;
    if (isLive) heardAt = Date.now();
    if (fault) fault.hidden = Math.max(renewed, heardAt) > Date.now() - 60_000;
    if (isDue) renew();
  }

  // ---- Renewing: not while somebody is about to do something, but as soon as they are through ------------------------
  const isBusy = () => document.querySelector('dialog[open], #board [aria-busy]') || document.activeElement?.matches?.('#board select');
  let heardAt = Date.now();
  let isDue = false;
  let soon = null;
  let isUnderWay = false;

  function changed() {
    isDue = true;
    soon ??= setTimeout(() => { soon = null; renew(); }, 150);   // what comes together is fetched once
  }

  async function renew() {
    if (document.hidden || isUnderWay || isBusy()) return;
    isDue = false;
    isUnderWay = true;
    await fetchAnew();
    isUnderWay = false;
    if (isDue) changed();
  }

  async function fetchAnew() {
    const board = find();
    try {
      const answer = await fetch(board.dataset.board, { headers: { 'HX-Request': 'true', 'Chartroom-Person': document.body.dataset.person ?? '' } });
      if (answer.status === 401 || answer.status === 403 || answer.redirected) return location.reload();   // signed out: nobody's name stays on the screen
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('board');
      if (!fresh) return;
      if (isBusy()) isDue = true;
      else put(fresh);
    } catch {
      // the line is down: the notice says so after a minute, and the stream's slow round tries again
    }
  }

  function put(fresh) {
    const focused = document.activeElement?.closest?.('.board-card')?.id;
    const node = document.importNode(fresh, true);
    const list = node.querySelector('.board-done');
    if (list) list.open = !!find().querySelector('.board-done[open]');
    find().replaceWith(node);
    window.htmx?.process(node);
    ahead = Number(node.dataset.now) - Date.now();
    renewed = Date.now();
    tick();
    if (focused) document.getElementById(focused)?.focus();
  }

  // ---- Keys -------------------------------------------------------------------------------------------------------
  const acts = new Map([...document.querySelectorAll('[data-visit-key]')].map(mark => [mark.dataset.listedKey, mark.dataset.visitKey]));   // the person's own keys

  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]') || event.target.closest?.('input, textarea, select') || !keysAreOn()) return;
    const cards = [...document.querySelectorAll('#board .board-card[tabindex]')];
    const at = cards.indexOf(document.activeElement?.closest?.('.board-card'));
    const act = acts.get(event.key);
    if (act === 'down' || act === 'up') {
      event.preventDefault();
      cards[act === 'down' ? Math.min(at + 1, cards.length - 1) : Math.max(at - 1, 0)]?.focus();
      return;
    }
    const button = at >= 0 && act && cards[at].querySelector(`[data-move="${act}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  }

  document.addEventListener('keydown', pressed);
  document.getElementById('board-location')?.addEventListener('change', event => event.currentTarget.form.requestSubmit());
  document.addEventListener('visibilitychange', () => document.hidden || changed());
  document.addEventListener('chartroom:news', ({ detail: { topic } }) => {
    if (topic === 'ended') location.reload();   // signed out: nobody's name stays on the screen
    else if (['visit', 'calendar', 'patient', 'missed'].includes(topic)) changed();
  });
  if (location.hash.startsWith('#b-')) document.getElementById(location.hash.slice(1))?.focus();
  setInterval(tick, 5_000);
  tick();
})();
