// What other screens do: visits change within a second or two, and one sees who else is at work on the same day or visit. Only ids arrive; what may be seen is fetched.
(() => {
  'use strict';
  const day = window.chartroomDay;
  if (!day?.refresh) return;
  const { facts } = day;
  const quiet = 40000;   // who was not heard of for so long is gone
  const nobody = '00000000-0000-0000-0000-000000000000';   // a visit that there is not: asks for the figures alone
  const here = new Map();
  const editing = new Map();
  day.editors = new Map();
  let waiting = new Set();
  let timer = null;
  let hasMissed = false;

  function soon() {
    timer ??= setTimeout(async () => {
      timer = null;
      const ids = hasMissed || waiting.size > 40 ? undefined : [...waiting];
      waiting = new Set();
      hasMissed = false;
      await day.refresh(ids);
    }, 120);
  }

  function changed(id) { waiting.add(id); soon(); }
  function missed() { hasMissed = true; soon(); }

  function came(text) {
    const [seat, person, date] = text.split(' ');
    if (person === facts.me) return;
    here.set(seat, { person, date, at: Date.now() });
    tell();
  }

  function edits(text) {
    const [person, visit] = text.split(' ');
    if (person === facts.me) return;
    const before = editing.get(person)?.visit;
    if (visit === '-') editing.delete(person);
    else editing.set(person, { visit, at: Date.now() });
    mark(before);
    mark(visit);
  }

  function mark(visit) {
    if (!visit || visit === '-') return;
    const who = [...editing].find(([, it]) => it.visit === visit)?.[0];
    if (who) day.editors.set(visit, first(who));
    else day.editors.delete(visit);
    if (day.visits.has(visit)) { day.put(visit); day.drawAgenda?.(); }
    warn();
  }

  const nameOf = person => facts.people[person] ?? 'Somebody';
  const first = person => nameOf(person).replace(/^Dr\.? /, '');

  function tell() {
    for (const [seat, it] of here) if (Date.now() - it.at > quiet) here.delete(seat);
    const names = [...new Set([...here.values()].filter(it => it.date === facts.date).map(it => nameOf(it.person)))];
    const place = document.querySelector('[data-here]');
    place.hidden = !names.length;
    place.textContent = names.length ? `Also here: ${names.join(', ')}` : '';
  }

  // ---- The visit whose panel is open here ---------------------------------------------------------------------------
  let opened = null;

  function panelOf() {
    const dialog = document.getElementById('panel-dialog');
    const form = dialog?.open && document.querySelector('#panel form[action^="/visits/"]');
    return form ? /\/visits\/([0-9a-f-]{36})/.exec(form.getAttribute('action'))?.[1] ?? null : null;
  }

  function look() {
    const now = panelOf();
    if (now === opened) return;
    opened = now;
    say();
    warn();
  }

  function say() {
    const body = new URLSearchParams(opened ? { visit: opened } : {});
    fetch('/day/here', { method: 'POST', body, keepalive: true }).catch(() => {});
  }

  function warn() {
    const panel = document.querySelector('#panel .side-panel-body');
    panel?.querySelector('[data-edited]')?.remove();
    const who = opened && day.editors.get(opened);
    if (!panel || !who) return;
    const note = Object.assign(document.createElement('p'), { className: 'notice tone-warn', textContent: `${who} is editing this visit.` });
    note.dataset.edited = '';
    note.setAttribute('role', 'status');
    panel.prepend(note);
  }

  // ---- What is heard --------------------------------------------------------------------------------------------------
  const heard = {
    hello: () => { if (opened) say(); },
    visit: changed, calendar: missed, patient: missed, missed, asked: () => changed(nobody), here: came, edit: edits,
    gone: text => { here.delete(text.split(' ')[0]); tell(); },
    ended: () => document.getElementById('signed-out')?.showModal(),
  };

  document.addEventListener('chartroom:news', event => heard[event.detail.topic]?.(event.detail.text));
  document.addEventListener('htmx:after:settle', look);
  document.getElementById('panel-dialog')?.addEventListener('close', () => setTimeout(look));
  setInterval(() => {
    for (const [person, it] of editing) if (Date.now() - it.at > quiet) { editing.delete(person); mark(it.visit); }
    if (opened) say();
    tell();
  }, 20000);
})();
