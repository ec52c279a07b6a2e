// The menu of a visit (right button, long press, Shift+F10) and the keys of the calendar. A single key never acts while somebody types.
(() => {
  'use strict';
  const day = window.chartroomDay;
  if (!day) return;
  const { facts, visits } = day;
  const menu = Object.assign(document.createElement('div'), { id: 'visit-menu', className: 'visit-menu', hidden: true });
  menu.setAttribute('role', 'menu');
  let menuOf = null;

  const visitAt = target => visits.get(target?.closest?.('[data-visit]')?.dataset.visit ?? '');

  function itemsOf(visit) {
    const next = facts.mayBook ? day.nextOf(visit) : [];
    const step = facts.steps[visit.status];
    return [
      ['Open', 'open', () => day.open(`/visits/${visit.id}/panel`)],
      ...next.filter(to => to !== 'cancelled').map(to => [facts.steps[to].verb, to, () => day.status(visit, to), to]),
      ...(facts.mayBook && step.isOpen ? [['Move …', 'booked', () => day.open(`/visits/${visit.id}/move?from=day`), 'move']] : []),
      ...(next.includes('cancelled') ? [['Cancel …', 'cancelled', () => day.cancel(visit), 'cancelled']] : []),
      ...(facts.mayBook ? [['Book again …', 'booked', () => day.open(`/visits/${visit.id}/again`)]] : []),
      ...(step.isOpen ? [['Print a card', 'print', () => window.location.assign(`/visits/${visit.id}/card`)]] : []),
      ['Whole visit, history', 'open', () => window.location.assign(`/visits/${visit.id}`)],
    ];
  }

  function showMenu(visit, x, y) {
    menuOf = visit;
    menu.setAttribute('aria-label', `${visit.name}, ${visit.time}`);
    menu.replaceChildren(...itemsOf(visit).map(([text, icon, act, name]) => {
      const item = Object.assign(document.createElement('button'), { type: 'button', tabIndex: -1 });
      item.setAttribute('role', 'menuitem');
      item.append(day.icon(icon), text);
      tellKey(item, name);
      item.addEventListener('click', () => { closeMenu(); act(); });
      return item;
    }));
    menu.hidden = false;
    menu.style.left = Math.max(4, Math.min(x, innerWidth - menu.offsetWidth - 8)) + 'px';
    menu.style.top = Math.max(4, Math.min(y, innerHeight - menu.offsetHeight - 8)) + 'px';
    menu.firstChild.focus();
  }

  function tellKey(item, name) {
    const mark = name && marks.find(it => it.dataset.visitKey === name);
    if (!mark || !keysAreOn()) return;
    const key = Object.assign(document.createElement('kbd'), { textContent: mark.textContent });
    key.setAttribute('aria-hidden', 'true');   // it holds on the visit, not in here
    item.append(key);
  }

  function closeMenu(isBack) {
    if (menu.hidden) return;
    menu.hidden = true;
    if (isBack && menuOf) day.focus(menuOf.id);
  }

  function inMenu(event) {
    const items = [...menu.children];
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') { event.preventDefault(); event.stopPropagation(); closeMenu(true); }
    else if (to !== undefined) { event.preventDefault(); event.stopPropagation(); items[(to + items.length) % items.length].focus(); }
    else if (event.key.length === 1) event.stopPropagation();
  }

  // ---- Right button, long press -----------------------------------------------------------------------------------
  function asked(event) {
    const visit = visitAt(event.target);
    if (!visit) return;
    event.preventDefault();
    const box = event.target.closest('[data-visit]').getBoundingClientRect();
    showMenu(visit, event.clientX || box.left + 24, event.clientY || box.top + 24);
  }

  // ---- Keys -------------------------------------------------------------------------------------------------------
  const keysAreOn = () => localStorage.getItem('keys') !== 'off';
  const marks = [...document.querySelectorAll('[data-visit-key]')];   // the person's own keys
  const acts = new Map(marks.map(mark => [mark.dataset.listedKey, mark.dataset.visitKey]));

  function pressed(event) {
    if (menu.contains(event.target)) return inMenu(event);
    const visit = visitAt(document.activeElement);
    if (!visit || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const act = actOf(visit, event);
    if (!act) return;
    event.preventDefault();
    event.stopImmediatePropagation();   // arrows mean another visit here, not another day
    act();
  }

  function actOf(visit, event) {
    if (event.key === 'F10' && event.shiftKey || event.key === 'ContextMenu') {
      const box = document.activeElement.getBoundingClientRect();
      return () => showMenu(visit, box.left + 24, box.top + 24);
    }
    if (event.key.startsWith('Arrow')) return () => neighbour(visit, event.key);
    if (!keysAreOn() || !facts.mayBook) return null;
    const act = acts.get(event.key);
    if (act === 'move') return facts.steps[visit.status].isOpen ? () => day.open(`/visits/${visit.id}/move?from=day`) : null;
    if (act === 'cancelled') return day.nextOf(visit).includes('cancelled') ? () => day.cancel(visit) : null;
    return act ? () => day.status(visit, act) : null;
  }

  // Up and down go through a column, left and right to whoever is nearest in the next one.
  function neighbour(visit, key) {
    const boxes = [...document.querySelectorAll('[data-visit]')].filter(it => it.offsetParent).map(element => ({ element, box: element.getBoundingClientRect() }));
    const me = document.activeElement.getBoundingClientRect();
    const middle = box => [box.left + box.width / 2, box.top + box.height / 2];
    const [x, y] = middle(me);
    const isUpDown = key === 'ArrowUp' || key === 'ArrowDown';
    const sign = key === 'ArrowUp' || key === 'ArrowLeft' ? -1 : 1;
    const ahead = boxes.filter(({ element, box }) => {
      if (element === document.activeElement) return false;
      const [bx, by] = middle(box);
      return isUpDown ? sign * (by - y) > 0 && Math.abs(bx - x) < me.width * .75 : sign * (bx - x) > me.width * .5;
    });
    const far = ({ box }) => { const [bx, by] = middle(box); return isUpDown ? Math.abs(by - y) + Math.abs(bx - x) * .1 : Math.abs(bx - x) * 3 + Math.abs(by - y); };
    ahead.sort((one, other) => far(one) - far(other))[0]?.element.focus();
  }

  document.getElementById('main').append(menu);
  document.addEventListener('contextmenu', asked);
  document.addEventListener('keydown', pressed, true);
  document.addEventListener('pointerdown', event => { if (!menu.contains(event.target)) closeMenu(); });
  window.addEventListener('resize', () => closeMenu());
})();
