// The day: free times that can be clicked, keys on a visit, the booking panel's search. Without script all of it is links and forms.
(() => {
  'use strict';
  const grid = document.querySelector('.day-grid');
  const keysAreOn = () => localStorage.getItem('keys') !== 'off';

  // ---- Panel: a picked patient leads on within it, or to the next page where there is no panel ---------------------
  function open(address, isInPanel) {
    if (isInPanel && window.htmx) window.htmx.ajax('GET', address, { target: '#panel', select: '[data-panel]', swap: 'innerHTML' });
    else window.location.assign(address);
  }

  function picked(event) {
    const hit = event.target.closest?.('#pick-hits a');
    const patient = hit && /\/patients\/([0-9a-f-]{36})/.exec(hit.getAttribute('href'));
    if (!patient) return;
    event.preventDefault();
    open(hit.closest('[data-pick]').dataset.pick + 'patient=' + patient[1], !!hit.closest('#panel'));
  }

  // ---- Free times -------------------------------------------------------------------------------------------------
  const marks = grid ? [...grid.querySelectorAll('[data-at]')].map(mark => ({ ...mark.dataset, row: Number(mark.dataset.row) })) : [];
  const slot = Object.assign(document.createElement('span'), { className: 'day-slot' });
  slot.setAttribute('aria-hidden', 'true');

  function freeTime(event) {
    const rows = event.target.closest?.('[data-rows]');
    if (!rows || event.target.closest('.visit') || getComputedStyle(rows).display !== 'grid') return null;
    const row = Math.floor((event.clientY - rows.getBoundingClientRect().top) / parseFloat(getComputedStyle(rows).gridAutoRows)) + 1;
    const mark = marks.findLast(it => it.row <= row);
    return mark && { rows, mark, column: rows.closest('[data-provider]') };
  }

  function hovered(event) {
    const free = freeTime(event);
    if (!free) return slot.remove();
    free.rows.classList.add('can-book');
    if (slot.parentNode === free.rows && slot.dataset.row === String(free.mark.row)) return;
    slot.className = `day-slot r${free.mark.row} s3`;
    slot.dataset.row = free.mark.row;
    slot.textContent = '+ ' + free.mark.at;
    free.rows.append(slot);
  }

  function clickedFree(event) {
    const free = freeTime(event);
    if (!free) return;
    const address = new URLSearchParams({ day: grid.dataset.date, at: free.mark.at, provider: free.column.dataset.provider });
    if (free.column.dataset.location) address.set('location', free.column.dataset.location);
    if (free.mark.which) address.set('which', free.mark.which.toLowerCase());
    open('/day/book?' + address, true);
  }

  // ---- Keys on the visit that has the focus -----------------------------------------------------------------------
  const moves = { c: 'confirmed', a: 'arrived', r: 'roomed' };

  function pressed(event) {
    const visit = document.activeElement?.closest?.('.day-grid .visit');
    if (!visit || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') return neighbour(visit, event);
    if (!keysAreOn() || !(event.key in moves)) return;
    event.preventDefault();
    if (visit.dataset.next.split(' ').includes(moves[event.key])) send(visit, moves[event.key]);
    else say(`This visit cannot be ${moves[event.key]} now.`);
  }

  function neighbour(visit, event) {
    const all = [...visit.closest('.day-column').querySelectorAll('.visit')];
    const next = all[all.indexOf(visit) + (event.key === 'ArrowDown' ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  function send(visit, status) {
    const form = document.getElementById('day-quick');
    const random = crypto.getRandomValues(new Uint32Array(4));
    form.action = `/visits/${visit.id.slice(2)}/status?from=day`;
    form.elements.idempotency_key.value = 'day-' + [...random].map(part => part.toString(16).padStart(8, '0')).join('');
    form.elements.version.value = visit.dataset.version;
    form.elements.status.value = status;
    form.submit();
  }

  function say(text) {
    const note = Object.assign(document.createElement('div'), { className: 'notice tone-warn', textContent: text });
    note.setAttribute('role', 'status');
    document.getElementById('notices').replaceChildren(note);
  }

  // ---- What is in sight first: the visit just changed, else now ---------------------------------------------------
  function arrive() {
    const pick = document.querySelector('[data-day-pick]');
    pick?.classList.add('is-live');
    pick?.addEventListener('change', () => pick.requestSubmit());
    const frame = document.querySelector('.day-frame');
    if (!frame) return;
    const target = location.hash.startsWith('#v-') && document.getElementById(location.hash.slice(1));
    if (target) {
      target.focus();
      if (frame.scrollHeight > frame.clientHeight) window.scrollTo(0, 0);   // the frame scrolls, the page need not
      return;
    }
    const now = grid.querySelector('.day-lines .day-now');
    if (now) frame.scrollTop = Math.max(0, now.offsetTop - frame.clientHeight / 3);
  }

  document.addEventListener('click', picked);
  if (!grid) return;
  grid.addEventListener('mousemove', hovered);
  grid.addEventListener('mouseleave', () => slot.remove());
  grid.addEventListener('click', clickedFree);
  document.addEventListener('keydown', pressed);
  arrive();
})();
