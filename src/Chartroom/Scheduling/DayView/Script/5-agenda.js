// The calendar on a telephone: a list for each provider, room or day, with the same acts.
(() => {
  'use strict';
  const day = window.chartroomDay;
  const root = document.getElementById('agenda');
  if (!day || !root) return;
  const { facts, visits, make } = day;

  function groups() {
    const all = [...visits.values()].filter(day.isShown).sort((one, other) => one.day - other.day || one.at - other.at);
    const hidden = new Set(facts.look.hidden);
    if (facts.days > 1) return Array.from({ length: facts.days }, (_, at) => ({ id: 'day-' + at, name: dayName(at), items: all.filter(it => it.day === at), book: { day: at, more: { provider: facts.provider } } }));
    const byRoom = facts.look.columns === 'room';
    const columns = byRoom ? [...facts.rooms, { id: null, name: 'No room' }] : facts.providers;
    const shown = columns.filter(it => !hidden.has(it.id));
    return (shown.length ? shown : columns).map(it => ({
      id: 'column-' + it.id, name: it.name, items: all.filter(visit => (byRoom ? visit.room ?? null : visit.provider) === it.id),
      book: { day: 0, more: byRoom ? { room: it.id, location: it.locationId } : { provider: it.id, location: it.location ?? facts.location } },
    }));
  }

  const dayName = at => new Date(day.addDays(facts.date, at) + 'T12:00:00Z').toLocaleDateString('en-US', { weekday: 'long', month: 'long', day: 'numeric', timeZone: 'UTC' });

  function row(visit) {
    const item = make('li', 'agenda-row');
    const main = Object.assign(make('button', day.classesOf(visit).join(' ') + ' agenda-visit'), { type: 'button' });
    main.dataset.visit = visit.id;
    main.append(...day.linesOf(visit));
    main.addEventListener('click', () => day.open(`/visits/${visit.id}/panel`));
    const more = Object.assign(make('button', 'btn btn-icon agenda-more'), { type: 'button' });
    more.setAttribute('aria-label', `What can be done: ${visit.name}, ${visit.time}`);
    more.append(day.icon('more'));
    more.addEventListener('click', () => main.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: innerWidth - 40, clientY: more.getBoundingClientRect().top })));
    item.append(main, more);
    return item;
  }

  function section({ id, name, items, book }) {
    const part = make('section', 'agenda-part');
    part.id = id;
    part.setAttribute('aria-label', name);
    const head = make('div', 'agenda-head');
    head.append(make('h2', '', name), make('span', '', String(items.filter(it => !['cancelled', 'no_show', 'left_without_being_seen'].includes(it.status)).length)));
    if (facts.mayBook) {
      const add = Object.assign(make('button', 'btn btn-sm', 'Book'), { type: 'button' });
      add.setAttribute('aria-label', 'Book: ' + name);
      add.addEventListener('click', () => day.open('/day/book?' + new URLSearchParams(Object.entries({ day: day.addDays(facts.date, book.day), ...book.more }).filter(([, value]) => value))));
      head.append(add);
    }
    const list = make('ol', 'agenda-rows');
    list.append(...items.map(row));
    part.append(head, items.length ? list : make('p', 'agenda-none', 'No visits'));
    return part;
  }

  const narrow = window.matchMedia('(max-width: 40rem)');   // as day.css has it: elsewhere nobody sees the list

  function draw() {
    if (!narrow.matches) return root.replaceChildren();
    const focused = document.activeElement?.closest?.('#agenda [data-visit]')?.dataset.visit;
    const parts = groups();
    const jump = make('nav', 'agenda-jump');
    jump.setAttribute('aria-label', 'Columns');
    jump.append(...parts.map(part => Object.assign(make('a', 'btn btn-sm', part.name), { href: '#' + part.id })));
    root.replaceChildren(...(parts.length > 1 ? [jump] : []), ...parts.map(section));
    if (focused) root.querySelector(`[data-visit="${focused}"]`)?.focus();
  }

  narrow.addEventListener('change', draw);
  day.drawAgenda = draw;
})();
