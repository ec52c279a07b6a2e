// The booking page: a countdown of the kept time, and the visitor's own clock where it differs from the clinic's. Without script both are plain words.
(() => {
  'use strict';
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const clock = (zone, instant) => new Intl.DateTimeFormat('en-US', { timeZone: zone, weekday: 'short', hour: 'numeric', minute: '2-digit' }).format(instant);

  function zones() {
    for (const place of document.querySelectorAll('[data-zone]:not([data-told])')) {
      place.dataset.told = 'yes';
      const instant = new Date(place.dataset.instant ?? Date.now());
      if (!own || clock(own, instant) === clock(place.dataset.zone, instant)) continue;
      place.append(place.dataset.instant ? ` (${clock(own, instant)} by your clock)` : ', not the time of your own clock');
    }
  }

  function countdowns() {
    for (const place of document.querySelectorAll('[data-countdown]:not([data-ends])')) place.dataset.ends = String(performance.now() + Number(place.dataset.countdown) * 1000);
    for (const place of document.querySelectorAll('[data-ends]')) {
      const left = Math.ceil((Number(place.dataset.ends) - performance.now()) / 1000);
      if (left <= 0) { delete place.dataset.ends; delete place.dataset.countdown; location.reload(); return; }
      place.textContent = left > 60 ? `${Math.ceil(left / 60)} more minutes` : `${left} more seconds`;
    }
  }

  function look() { zones(); countdowns(); }
  document.addEventListener('htmx:afterSettle', look);
  document.addEventListener('DOMContentLoaded', look);
  setInterval(countdowns, 1000);
})();
