// Draws the calendar with event-calendar. Its dates are places on the axis of the page's facts (1-facts.js), never the browser's own time.
(() => {
  'use strict';
  const day = window.chartroomDay;
  const root = document.getElementById('calendar');
  if (!day || !root) return;
  const { facts, visits } = day;
  const { look } = facts;
  const isWeek = facts.days > 1;
  const byRoom = !isWeek && look.columns === 'room';
  const noRoom = 'none';
  let calendar = null;
  let current = [...visits.values()].find(day.isShown)?.id ?? null;   // the one block that the Tab key reaches; arrows lead on from it

  // ---- Columns ----------------------------------------------------------------------------------------------------
  const hidden = new Set(look.hidden);
  let columns = columnsOf();

  function columnsOf() {
    const every = byRoom ? [...facts.rooms.map(room => ({ id: room.id, name: room.name, location: room.locationId })), { id: noRoom, name: 'No room' }] : facts.providers;
    const shown = every.filter(it => !hidden.has(it.id));
    return shown.length ? shown : every;
  }

  const columnOf = visit => byRoom ? visit.room ?? noRoom : visit.provider;

  // ---- What is drawn ----------------------------------------------------------------------------------------------
  const eventOf = visit => ({
    id: visit.id, start: day.stamp(visit.day, visit.at), end: day.stamp(visit.day, visit.at + visit.minutes), title: visit.name,
    resourceIds: isWeek ? [] : [columnOf(visit)],
    startEditable: facts.mayBook && day.step(visit).isAwaited && !day.isPast(visit), durationEditable: facts.mayBook && day.step(visit).isOpen && visit.status !== 'held' && !day.isPast(visit),
    extendedProps: { visit: visit.id },
  });

  function background(id, at, from, to, resourceIds, kind, text) {
    return { id, start: day.stamp(at, from), end: day.stamp(at, to), resourceIds, display: 'background', title: text ?? '', classNames: ['bg-' + kind], extendedProps: { kind } };
  }

  let limits = limitsOf();

  // From the first to the last hour that matters, office hours at least.
  function limitsOf() {
    const spans = [...facts.providers.flatMap(it => it.open.map(([, from, to]) => [from, to])), ...[...visits.values()].filter(it => it.day >= 0).map(it => [it.at, it.at + it.minutes])];
    const first = Math.min(wallAt(8 * 60), ...spans.map(([from]) => from));
    const last = Math.max(wallAt(17 * 60), ...spans.map(([, to]) => to));
    return { first: Math.max(0, Math.floor(first / 60) * 60), last: Math.min(facts.minutes, Math.ceil(last / 60) * 60) };
  }

  function wallAt(minute) {
    const stretch = facts.stretches.findLast(it => it.wall <= minute) ?? facts.stretches[0];
    return stretch.from + minute - stretch.wall;
  }

  // What is not among the hours is shaded.
  function shut() {
    if (byRoom) return [];
    const made = [];
    const people = isWeek ? [{ id: '', open: facts.providers.filter(it => !facts.provider || it.id === facts.provider).flatMap(it => it.open) }] : columns;
    for (const { id, open } of people) {
      for (let at = 0; at < facts.days; at++) {
        let from = limits.first;
        for (const [, opens, closes] of open.filter(it => it[0] === at).sort((one, other) => one[1] - other[1])) {
          if (opens > from) made.push(background(`shut-${id}-${at}-${from}`, at, from, opens, id ? [id] : [], 'shut'));
          from = Math.max(from, closes);
        }
        if (from < limits.last) made.push(background(`shut-${id}-${at}-${from}`, at, from, limits.last, id ? [id] : [], 'shut'));
      }
    }
    return made;
  }

  function blocks() {
    return facts.blocks.flatMap((block, number) => {
      if (isWeek && block.provider && block.provider !== facts.provider) return [];
      const whose = isWeek ? [] : block.provider ? (byRoom ? null : [block.provider]) : columns.filter(it => !block.location || it.location === block.location).map(it => it.id);
      return whose ? [background(`block-${number}`, block.day, Math.max(block.from, limits.first), Math.min(block.to, limits.last), whose, block.kind, block.text)] : [];
    });
  }

  function nowLine() {
    const { day: at, at: minute } = day.now();
    return background('now', at, minute, minute + 1, isWeek ? [] : columns.map(it => it.id), 'now');
  }

  // ---- A block ----------------------------------------------------------------------------------------------------
  const { make, linesOf, classesOf, pixelsAMinute, sizeOf } = day;

  function content({ event }) {
    if (event.display === 'background') return event.title ? { domNodes: [make('span', 'bg-words', event.title)] } : { domNodes: [] };
    const visit = visits.get(event.id);
    if (!visit) return { domNodes: [make('span', 'visit-drawn', 'New visit')] };
    return event.display === 'auto' ? sameBlock(visit) : { domNodes: [blockOf(visit, false)] };
  }

  // event-calendar asks for every block again at each change of any: what would be the same is the same, so that it stays in place, with the focus.
  const drawn = new WeakMap();

  function sameBlock(visit) {
    const key = `${day.isLate(visit)} ${day.editors?.get(visit.id)}`;
    const last = drawn.get(visit);
    if (last?.key === key && visit.at + visit.minutes <= facts.minutes) return last.made;   // beyond midnight a visit is two blocks
    const made = { domNodes: [blockOf(visit, true)] };
    drawn.set(visit, { key, made });
    return made;
  }

  // A real button inside of event-calendar's block: that one is an article, which may not play one.
  function blockOf(visit, isReal) {
    const block = make(isReal ? 'button' : 'span', 'visit-lines');
    block.append(...linesOf(visit));
    if (!isReal) return block;
    Object.assign(block, { type: 'button', id: 'v-' + visit.id, tabIndex: visit.id === current ? 0 : -1 });
    block.dataset.visit = visit.id;
    block.addEventListener('keydown', event => { if (event.key === 'Enter' || event.key === ' ') event.stopPropagation(); });   // the click that follows is enough
    return block;
  }

  function classes({ event }) {
    const visit = visits.get(event.id);
    if (!visit) return [];
    return [...classesOf(visit), ['', 'is-line', 'is-pair', 'is-full'][sizeOf(visit)]];
  }

  function mounted({ el }) {
    el.removeAttribute('role');
    el.removeAttribute('tabindex');
  }

  // ---- Acts -------------------------------------------------------------------------------------------------------
  const minutesOf = delta => (delta.days * 86400 + delta.seconds) / 60;

  async function dropped({ event, delta, newResource, revert }) {
    const visit = visits.get(event.id);
    const body = {};
    const shift = minutesOf(delta);
    if (shift) Object.assign(body, timeOf(visit.day * 1440 + visit.at + shift));
    if (newResource) Object.assign(body, placeOf(visit, newResource.id));
    if (!Object.keys(body).length) return revert();
    if (!await day.move(visit, body)) revert();
    settle(event.id);
  }

  function timeOf(minutes) {
    const [at, minute] = isWeek ? [Math.floor(minutes / 1440), ((minutes % 1440) + 1440) % 1440] : [0, minutes];
    const which = day.which(minute);
    return { day: day.addDays(facts.date, at), at: day.clock(minute), ...(which ? { which } : {}) };
  }

  function placeOf(visit, column) {
    if (!byRoom) return { providerId: column };
    if (column === noRoom) return { withoutRoom: true };
    const { location } = columns.find(it => it.id === column);
    return { roomId: column, ...(location !== visit.location ? { locationId: location } : {}) };
  }

  async function resized({ event, endDelta, revert }) {
    const visit = visits.get(event.id);
    if (!await day.move(visit, { minutes: visit.minutes + minutesOf(endDelta) })) revert();
    settle(event.id);
  }

  // Whatever happened, the block stands where the visit stands.
  function settle(id) {
    const visit = visits.get(id);
    if (visit && calendar) calendar.updateEvent(eventOf(visit));
  }

  function bookAt(text, resource, minutes) {
    if (!facts.mayBook) return;
    const more = { minutes };
    if (isWeek) Object.assign(more, { provider: facts.provider, location: facts.location });
    else if (byRoom) Object.assign(more, { room: resource.id === noRoom ? null : resource.id, location: columns.find(it => it.id === resource.id)?.location });
    else Object.assign(more, { provider: resource.id, location: columns.find(it => it.id === resource.id)?.location ?? facts.location });
    day.book(day.place(text), more);
  }

  // ---- event-calendar ---------------------------------------------------------------------------------------------
  const span = minutes => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}:00`;

  const resources = () => columns.map(it => ({ id: it.id, title: it.name }));
  const events = shown => [...shut(), ...blocks(), nowLine(), ...shown.map(eventOf)];

  // Of a full day, what lies in the window is drawn first and the rest once that is painted: whoever wants to work need not wait for the far corners.
  const later = new Set();

  function inSight() {
    const [head, side] = [40, 60];   // the names above and the hours beside, in pixels
    const minutes = (innerHeight - root.getBoundingClientRect().top - head) / pixelsAMinute;
    const first = Math.max(limits.first, Math.min(scrollTo(), limits.last - minutes));
    const width = 16 * (isWeek ? 7 : look.density === 'compact' ? 7.5 : 10.5);
    const near = new Set(columns.slice(0, Math.ceil((root.clientWidth - side) / width)).map(it => it.id));
    return visit => '#v-' + visit.id === location.hash || (isWeek || near.has(columnOf(visit))) && visit.at + visit.minutes > first && visit.at < first + minutes;
  }

  function drawLater() {
    requestAnimationFrame(() => setTimeout(() => {
      for (const id of [...later].slice(0, 60)) put(id);
      if (later.size) drawLater();
      else performance.mark('calendar-whole');
    }));
  }

  function start() {
    const isNear = inSight();
    const near = [];
    for (const visit of visits.values()) if (day.isShown(visit)) isNear(visit) ? near.push(visit) : later.add(visit.id);
    calendar = window.EventCalendar.create(root, {
      view: isWeek ? 'timeGridWeek' : 'resourceTimeGridDay', date: facts.date, timeZone: 'UTC', firstDay: 0, locale: 'en-US',
      headerToolbar: { start: '', center: '', end: '' }, allDaySlot: false, nowIndicator: false, highlightedDates: [facts.today],
      dayHeaderFormat: { weekday: 'short', month: 'numeric', day: 'numeric' },
      resources: resources(), resourceLabelContent: ({ resource }) => label(resource),
      columnWidth: isWeek ? 'minmax(7rem, 1fr)' : look.density === 'compact' ? 'minmax(7.5rem, 1fr)' : 'minmax(10.5rem, 1fr)',
      events: events(near),
      slotDuration: span(look.zoom), slotHeight: look.density === 'compact' ? 16 : 22, slotLabelInterval: '01:00', snapDuration: '00:05',
      slotMinTime: span(limits.first), slotMaxTime: span(limits.last), scrollTime: span(Math.max(0, scrollTo())), slotLabelFormat: () => '',
      slotEventOverlap: false, eventContent: content, eventTimeFormat: () => '', eventClassNames: classes, eventDidMount: mounted, eventLongPressDelay: 500, selectLongPressDelay: 500,
      editable: facts.mayBook, selectable: facts.mayBook, eventStartEditable: facts.mayBook, eventDurationEditable: facts.mayBook,
      eventClick: ({ event }) => day.open(`/visits/${event.id}/panel`), eventDrop: dropped, eventResize: resized,
      dateClick: ({ dateStr, resource }) => bookAt(dateStr, resource), unselectAuto: false,
      select: ({ startStr, endStr, resource }) => bookAt(startStr, resource, (Date.parse(endStr + 'Z') - Date.parse(startStr + 'Z')) / 60000),
    });
    dress();
    requestAnimationFrame(() => setTimeout(() => { performance.mark('calendar-drawn'); drawLater(); }));   // painted, and free for a click: what `bench page` looks for
    new MutationObserver(() => { dress(); refocus(); }).observe(root, { childList: true, subtree: true });
  }

  const labels = new Map();

  function label({ id, title }) {
    const last = labels.get(id);
    if (last?.title === title) return last.made;
    const made = labelOf(id, title);
    labels.set(id, { title, made });
    return made;
  }

  function labelOf(id, title) {
    const count = make('small', 'column-count', String(countOf(id)));
    count.dataset.countOf = id;
    return { domNodes: [make('b', '', title), count] };
  }

  const scrollTo = () => { const { day: at, at: minute } = day.now(); return at >= 0 && at < facts.days && minute >= 0 && minute < facts.minutes ? minute - 60 : wallAt(8 * 60); };

  // What event-calendar does not do itself: hours by the clinic's clock, and roles that fit what the parts are.
  function dress() {
    for (const time of [...root.querySelectorAll('.ec-slot time')].filter(it => !it.firstChild)) {
      const [hours, minutes] = time.getAttribute('datetime').slice(11).split(':').map(Number);
      const minute = hours * 60 + minutes;
      const at = minute < limits.first ? minute + 1440 : minute;
      time.textContent = day.hour(at);
      const which = day.which(at);
      if (which) time.append(make('small', '', which === 'earlier' ? ' 1st' : ' 2nd'));
    }
    for (const part of root.querySelectorAll('[role="table"], [role="row"], [role="rowgroup"], [role="cell"], [role="columnheader"]')) {
      part.removeAttribute('role');
      for (const name of ['aria-colindex', 'aria-colspan']) part.removeAttribute(name);
    }
    for (const part of root.querySelectorAll('aside')) part.setAttribute('role', 'presentation');
    for (const part of root.querySelectorAll('.ec-col-head [aria-label]')) part.removeAttribute('aria-label');
    const main = root.querySelector('.ec-main');
    if (main && !main.hasAttribute('tabindex')) {
      main.tabIndex = 0;
      main.setAttribute('role', 'group');
      main.setAttribute('aria-label', 'Calendar');
    }
  }

  // ---- Changes ----------------------------------------------------------------------------------------------------
  // Fetches visits anew; what is not in the answer is gone from these days. Without ids: all there is to show, hours and closures too.
  async function refresh(ids) {
    if (!ids) return renew();
    const address = new URLSearchParams({ date: facts.date, days: facts.days, closed: true });
    if (facts.location) address.set('location', facts.location);
    if (isWeek && facts.provider) address.set('provider', facts.provider);
    for (const id of ids) address.append('only', id);
    const answer = await day.ask('GET', '/day/visits?' + address);
    if (!answer.isOk) return;
    day.tellNow(answer.body.now);
    facts.waiting = answer.body.waiting;
    const found = new Map(answer.body.visits.map(it => [it.id, it]));
    for (const id of ids) if (!found.has(id)) visits.delete(id);
    for (const [id, visit] of found) visits.set(id, visit);
    for (const id of ids) put(id);
    tell();
  }

  async function renew() {
    const address = new URLSearchParams({ date: facts.date, view: isWeek ? 'week' : 'day', by: byRoom ? 'room' : 'provider' });
    if (facts.location) address.set('location', facts.location);
    if (facts.provider) address.set('provider', facts.provider);
    const answer = await day.ask('GET', '/day/facts?' + address);
    if (!answer.isOk) return;
    Object.assign(facts, answer.body, { look });
    day.tellNow(facts.now);
    visits.clear();
    for (const visit of facts.visits) visits.set(visit.id, visit);
    [columns, limits] = [columnsOf(), limitsOf()];
    redraw();
    tell();
  }

  function redraw() {
    if (!calendar) return;
    later.clear();
    calendar.setOption('resources', resources());
    calendar.setOption('slotMinTime', span(limits.first));
    calendar.setOption('slotMaxTime', span(limits.last));
    calendar.setOption('events', events([...visits.values()].filter(day.isShown)));
  }

  function put(id) {
    if (!calendar) return;
    const visit = visits.get(id);
    const isNew = later.delete(id);
    if (!visit || !day.isShown(visit)) calendar.removeEventById(id);
    else if (!isNew && calendar.getEventById(id)) calendar.updateEvent(eventOf(visit));
    else calendar.addEvent(eventOf(visit));
  }

  function focus(id) {
    requestAnimationFrame(() => {
      const element = [...document.querySelectorAll(`[data-visit="${id}"]`)].find(it => it.offsetParent);
      if (!element) return;
      element.focus();
    });
  }

  // Blocks are drawn anew at each piece of news: the one that had the focus has it again, unless the person went elsewhere meanwhile.
  let kept = null;

  function refocus() {
    if (!kept || document.activeElement !== document.body) return;
    [...root.querySelectorAll(`[data-visit="${kept}"]`)].find(it => it.offsetParent)?.focus({ preventScroll: true });
  }

  document.addEventListener('focusin', event => { kept = event.target.dataset?.visit ?? null; });
  document.addEventListener('pointerdown', () => { kept = null; }, true);

  // ---- Figures and legend -----------------------------------------------------------------------------------------
  const isLive = visit => !['cancelled', 'no_show', 'left_without_being_seen', 'held'].includes(visit.status);

  const countOf = column => [...visits.values()].filter(it => isLive(it) && columnOf(it) === column).length;

  function tell() {
    const live = [...visits.values()].filter(isLive);
    const waiting = live.filter(it => it.status === 'arrived' || it.status === 'roomed').length;
    document.querySelector('[data-count]').textContent = `${live.length === 1 ? '1 visit' : live.length + ' visits'}${waiting ? ` · ${waiting} waiting` : ''} · `;
    for (const count of root.querySelectorAll('[data-count-of]')) count.textContent = String(countOf(count.dataset.countOf));
    for (const { href, count } of facts.waiting ?? []) {
      const place = document.querySelector(`[data-waiting="${href}"]`);
      if (place) { place.hidden = !count; place.firstElementChild.textContent = String(count); }
    }
    legend([...visits.values()].filter(day.isShown));
    day.drawAgenda?.();
  }

  function legend(all) {
    const seen = new Map();
    for (const visit of all) {
      const name = look.colour === 'type' ? facts.types[visit.type]?.name : look.colour === 'provider' ? visit.who : day.step(visit).words;
      seen.set(name, { colour: day.colour(visit), icon: look.colour === 'status' ? visit.status : null });
    }
    document.querySelector('[data-legend]')?.replaceChildren(...[...seen].sort(([one], [other]) => one.localeCompare(other)).map(([name, { colour, icon }]) => {
      const entry = make('span', 'legend-entry c-' + colour);
      entry.append(...(icon ? [day.icon(icon)] : []), name);
      return entry;
    }));
  }

  function tick() {
    if (calendar) calendar.updateEvent(nowLine());
    const held = [...visits.values()].filter(it => it.status === 'held').map(it => it.id);
    if (held.length) refresh(held);   // a hold lapses without anybody's doing
    for (const visit of visits.values()) if (day.isLate(visit) && calendar?.getEventById(visit.id)) calendar.updateEvent(eventOf(visit));
  }

  // ---- Arriving ---------------------------------------------------------------------------------------------------
  Object.assign(day, { refresh, focus, put, tell });
  const wide = window.matchMedia('(min-width: 40.01rem)');
  const suit = () => { if (wide.matches && !calendar && window.EventCalendar) start(); };
  suit();
  wide.addEventListener('change', () => { suit(); tell(); });
  tell();
  if (location.hash.startsWith('#v-')) focus(location.hash.slice(3));
  document.getElementById('panel-dialog')?.addEventListener('close', () => calendar?.unselect());
  root.addEventListener('focusin', event => {
    const block = event.target.closest('[data-visit]');
    if (!block || block.tabIndex === 0) return;
    root.querySelectorAll('[data-visit][tabindex="0"]').forEach(it => { it.tabIndex = -1; });
    block.tabIndex = 0;
    current = block.dataset.visit;
  });
  setInterval(tick, 60000);
})();
