// Forms of the calendar and of booking: choices that send themselves, the patient picked for a visit, printing. Without script all of it is buttons and links.
(() => {
  'use strict';

  function open(address, isInPanel) {
    if (isInPanel && window.htmx) window.htmx.ajax('GET', address, { target: '#panel', select: '[data-panel]', swap: 'innerHTML' });
    else window.location.assign(address);
  }

  // A picked patient leads on within the panel, or to the next page where there is no panel.
  function picked(event) {
    const hit = event.target.closest?.('#pick-hits a');
    const patient = hit && /\/patients\/([0-9a-f-]{36})/.exec(hit.getAttribute('href'));
    if (!patient) return;
    event.preventDefault();
    open(hit.closest('[data-pick]').dataset.pick + 'patient=' + patient[1], !!hit.closest('#panel'));
  }

  function clicked(event) {
    if (event.target.closest?.('[data-print]')) window.print();
    else picked(event);
  }

  // Columns are ticked one after the other: that form goes when its menu closes, the others at once.
  const changed = new Set();

  function chosen(event) {
    const form = event.target.closest?.('[data-sends-itself], [data-day-pick]');
    if (!form) return;
    if (event.target.type === 'checkbox') changed.add(form);
    else form.requestSubmit();
  }

  function toggled(event) {
    const form = event.target.matches?.('.look-menu:not([open])') && event.target.querySelector('form');
    if (form && changed.delete(form)) form.requestSubmit();
  }

  document.querySelectorAll('[data-day-pick], [data-sends-itself]').forEach(form => form.classList.add('is-live'));
  document.addEventListener('click', clicked);
  document.addEventListener('change', chosen);
  document.addEventListener('toggle', toggled, true);
})();
