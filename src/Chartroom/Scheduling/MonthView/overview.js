// The month, and the week of all providers: fetched anew when something changed elsewhere, so that figures on a screen that stays open are true. Without script they are as of when it was opened.
(() => {
  'use strict';
  const find = () => document.getElementById('overview');
  if (!find()?.dataset.news) return;
  let soon = null;
  let isUnderWay = false;
  let isDue = false;

  function changed() {
    isDue = true;
    soon ??= setTimeout(() => { soon = null; renew(); }, 300);   // what comes together is fetched once
  }

  async function renew() {
    if (!isDue || document.hidden || isUnderWay) return;
    isDue = false;
    isUnderWay = true;
    try {
      const answer = await fetch(location.href, { headers: { 'Chartroom-Person': document.body.dataset.person ?? '' } });
      if (answer.status === 401 || answer.status === 403 || answer.redirected) return location.reload();   // signed out
      const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('overview');
      if (fresh) put(fresh);
    } catch {
      // the line is down: the stream's slow round tries again
    } finally {
      isUnderWay = false;
    }
    if (isDue) changed();
  }

  function put(fresh) {
    const focused = document.activeElement?.closest?.('#overview a');
    const alike = () => [...find().querySelectorAll('a')].filter(link => link.getAttribute('href') === focused.getAttribute('href'));   // a day is led to from each provider's row
    const at = focused ? alike().indexOf(focused) : -1;
    find().replaceWith(document.importNode(fresh, true));
    if (at >= 0) alike()[at]?.focus();
  }

  document.addEventListener('visibilitychange', () => document.hidden || renew());
  document.addEventListener('chartroom:news', ({ detail: { topic } }) => {
    if (topic === 'ended') location.reload();
    else if (['visit', 'calendar', 'missed'].includes(topic)) changed();
  });
})();
