// The booking page: a countdown of the kept time, and the visitor's own clock where it differs from the clinic's. Without script both are plain words.
(() => {
  'use strict';
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const clock = (zone, instant) => new Intl.DateTimeFormat('en-US', { timeZone: zone, weekday: 'long', hour: 'numeric', minute: '2-digit' }).format(instant);
  const part = (zone, instant, form) => new Intl.DateTimeFormat('en-US', { timeZone: zone, ...form }).format(instant);
  const isOther = (zone, instant) => own && clock(own, instant) !== clock(zone, instant);
  const ownName = own?.includes('/') ? `${own.slice(own.lastIndexOf('/') + 1).replaceAll('_', ' ')} time` : own;

  // "5:00 PM", with the day where it is another one than at the clinic.
  function ownTime(zone, instant) {
    const day = part(own, instant, { weekday: 'short' });
    const time = part(own, instant, { hour: 'numeric', minute: '2-digit' });
    return day === part(zone, instant, { weekday: 'short' }) ? time : `${day} ${time}`;
  }

  function zones() {
    for (const place of document.querySelectorAll('[data-zone]:not([data-told])')) {
      place.dataset.told = 'yes';
      const { zone, instant } = place.dataset;
      if (instant && isOther(zone, new Date(instant))) place.append(`; for you ${clock(own, new Date(instant))} (${ownName})`);
    }
    for (const list of document.querySelectorAll('[data-times]:not([data-told])')) {
      list.dataset.told = 'yes';
      for (const button of list.querySelectorAll('button')) tellOwn(button, list.dataset.times);
    }
    for (const note of document.querySelectorAll('[data-own-clock]')) {
      if (!document.querySelector('[data-own]')) continue;
      note.textContent = `Your device shows ${ownName}: it stands beside each time.`;
      note.hidden = false;
    }
  }

  function tellOwn(button, zone) {
    const instant = new Date(button.value);
    if (!isOther(zone, instant)) return;
    const time = ownTime(zone, instant);
    button.dataset.own = `${time} for you`;   // shown by the style sheet: the label says it too, in its own order
    button.setAttribute('aria-label', `${button.getAttribute('aria-label')}, ${time} for you`);
  }

  function countdowns() {
    for (const place of document.querySelectorAll('[data-countdown]:not([data-ends])')) place.dataset.ends = String(performance.now() + Number(place.dataset.countdown) * 1000);
    for (const place of document.querySelectorAll('[data-ends]')) {
      const left = Math.ceil((Number(place.dataset.ends) - performance.now()) / 1000);
      if (left <= 0) { delete place.dataset.ends; delete place.dataset.countdown; lapsed(); return; }
      place.textContent = left > 60 ? `${Math.ceil(left / 60)} more minutes` : `${left} more ${left === 1 ? 'second' : 'seconds'}`;
    }
  }

  // The minutes are over: other times are shown, and what was typed goes along.
  function lapsed() {
    const other = document.querySelector('[data-lapse]');
    if (other) other.click(); else location.reload();
  }

  // A page that came as the answer to a form stands under that form's address; its own is the one to come back to.
  function address() {
    const own = document.querySelector('[data-address]')?.dataset.address;
    if (own && own !== location.pathname) history.replaceState(null, '', own);
  }

  // What took the place of the whole page is read from its beginning.
  let step = null;
  function top() {
    const now = document.querySelector('[data-address]')?.dataset.address ?? (document.getElementById('booking') ? 'times' : null);
    if (step && now && now !== step) window.scrollTo(0, 0);
    step = now;
  }

  function look() { zones(); countdowns(); address(); top(); }
  // Until the times of another choice are here, those of the one before cannot be taken.
  const times = isShut => { const form = document.getElementById('times'); if (form) form.inert = isShut; };
  document.addEventListener('change', event => { if (event.target.closest?.('.booking-choices')) times(true); });
  document.addEventListener('htmx:error', () => times(false));
  document.addEventListener('htmx:after:settle', look);
  document.addEventListener('DOMContentLoaded', look);
  setInterval(countdowns, 1000);
})();
