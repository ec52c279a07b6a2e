// What can be done from the calendar: each act is a request to the API, made from the version in sight; what the server refuses is said in a note, and nothing stays half done.
(() => {
  'use strict';
  const day = window.chartroomDay;
  if (!day) return;
  const { facts, visits } = day;

  function key() {
    return 'day-' + [...crypto.getRandomValues(new Uint32Array(4))].map(part => part.toString(16).padStart(8, '0')).join('');
  }

  async function ask(method, path, body, version) {
    const headers = { Accept: 'application/json', 'Chartroom-Person': document.body.dataset.person ?? '' };
    if (body) Object.assign(headers, { 'Content-Type': 'application/json', 'Idempotency-Key': key() });
    if (version) headers['If-Match'] = `"${version}"`;
    try {
      const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
      const text = await answer.text();
      const isJson = (answer.headers.get('Content-Type') ?? '').includes('json');
      if (answer.status === 401) document.getElementById('signed-out')?.showModal();
      return { isOk: answer.ok, status: answer.status, body: isJson && text ? JSON.parse(text) : {} };
    } catch {
      return { isOk: false, status: 0, body: { title: 'The server did not answer. Nothing was changed; please try again.' } };
    }
  }

  const wordsOf = answer => [answer.body.title ?? 'That did not work. Please try again.', ...Object.values(answer.body.errors ?? {}).flat().map(it => it.message ?? it)
    .filter(words => words !== answer.body.title)].join(' ');

  // ---- Notes at the foot of the window ----------------------------------------------------------------------------
  function icon(id) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('class', 'ico');
    for (const [name, value] of [['width', 16], ['height', 16], ['aria-hidden', 'true']]) svg.setAttribute(name, value);
    svg.append(Object.assign(document.createElementNS('http://www.w3.org/2000/svg', 'use')));
    svg.firstChild.setAttribute('href', '#st-' + id);
    return svg;
  }

  function say(text, { undo, isBad } = {}) {
    const note = document.createElement('div');
    note.className = isBad ? 'toast-note is-bad' : 'toast-note';
    note.setAttribute('role', isBad ? 'alert' : 'status');
    const words = Object.assign(document.createElement('span'), { className: 'toast-text', textContent: text });
    note.append(icon(isBad ? 'bad' : 'completed'), words);
    if (undo) note.append(button('Undo', 'btn btn-sm toast-undo', () => { note.remove(); undo(); }));
    const close = button('', 'btn btn-icon btn-sm toast-close', () => note.remove());
    close.setAttribute('aria-label', 'Close this message');
    close.append(icon('cancelled'));
    note.append(close);
    document.getElementById('toasts').replaceChildren(note);
  }

  function button(text, className, onClick) {
    const made = Object.assign(document.createElement('button'), { type: 'button', className, textContent: text });
    made.addEventListener('click', onClick);
    return made;
  }

  // ---- Questions --------------------------------------------------------------------------------------------------
  // Answers the chosen value, or null. Fields: { name, label, options: [[value, text]] }.
  function question({ title, text, fields = [], yes }) {
    const dialog = document.createElement('dialog');
    dialog.className = 'small-dialog day-question';
    const form = Object.assign(document.createElement('form'), { method: 'dialog' });
    const heading = Object.assign(document.createElement('h2'), { id: 'question-title', textContent: title });
    dialog.setAttribute('aria-labelledby', 'question-title');
    form.append(heading);
    if (text) form.append(Object.assign(document.createElement('p'), { textContent: text }));
    for (const field of fields) form.append(...choice(field));
    const buttons = Object.assign(document.createElement('div'), { className: 'form-buttons' });
    const go = Object.assign(document.createElement('button'), { className: 'btn btn-primary', value: 'yes', textContent: yes });
    buttons.append(go, Object.assign(document.createElement('button'), { className: 'btn', value: 'no', textContent: 'Back', formNoValidate: true }));
    form.append(buttons);
    dialog.append(form);
    document.body.append(dialog);
    dialog.showModal();
    (form.querySelector('select') ?? go).focus();
    return new Promise(answer => dialog.addEventListener('close', () => {
      const values = Object.fromEntries(new FormData(form));
      dialog.remove();
      answer(dialog.returnValue === 'yes' ? values : null);
    }));
  }

  function choice({ name, label, options }) {
    const id = 'question-' + name;
    const select = Object.assign(document.createElement('select'), { id, name, className: 'form-select mb-3' });
    select.append(...options.map(([value, text]) => new Option(text, value)));
    return [Object.assign(document.createElement('label'), { htmlFor: id, className: 'form-label', textContent: label }), select];
  }

  // ---- Acts on a visit --------------------------------------------------------------------------------------------
  const done = { confirmed: 'Confirmed', arrived: 'Arrived', roomed: 'In room', in_progress: 'With provider', ready_for_checkout: 'Ready to check out', completed: 'Completed',
    no_show: 'No-show', left_without_being_seen: 'Left unseen', booked: 'Accepted' };

  // The server has the last word: the visit as it stands is fetched whatever was answered.
  async function send(visit, path, body, words) {
    const answer = await ask('POST', `/api/v1/appointments/${visit.id}/${path}`, body, visit.version);
    if (answer.isOk) {
      await day.refresh([visit.id]);
      say(words(visits.get(visit.id) ?? visit), { undo: () => undo(visit.id, answer.body.version) });
      day.focus(visit.id);
    }
    return answer;
  }

  async function refused(visit, answer) {
    await day.refresh([visit.id]);
    say(answer.status === 412 ? `Somebody else has just changed this visit. ${changed(answer)}` : wordsOf(answer), { isBad: true });
    day.focus(visit.id);
    return false;
  }

  const changed = answer => facts.steps[answer.body.status] ? `It is now: ${facts.steps[answer.body.status].words.toLowerCase()}.` : 'This is how it stands now.';

  async function undo(id, version) {
    const answer = await ask('POST', `/api/v1/appointments/${id}/undo`, {}, version);
    await day.refresh([id]);
    say(answer.isOk ? 'Undone. The visit is as it was.' : wordsOf(answer), { isBad: !answer.isOk });
    day.focus(id);
  }

  async function status(visit, to) {
    if (!day.nextOf(visit).includes(to)) return say(`This visit cannot be ${(done[to] ?? to).toLowerCase()} now.`, { isBad: true });
    const body = { status: to };
    if (to === 'roomed' && !visit.room) {
      const rooms = facts.rooms.filter(room => room.locationId === visit.location);
      if (rooms.length) {
        const chosen = await question({ title: `Which room for ${visit.name}?`, yes: 'To the room', fields: [{ name: 'room', label: 'Room', options: rooms.map(room => [room.id, room.name]) }] });
        if (!chosen) return day.focus(visit.id);
        body.roomId = chosen.room;
      }
    }
    const answer = await send(visit, 'status', body, () => `${visit.name}: ${done[to] ?? to}.`);
    return answer.isOk || refused(visit, answer);
  }

  async function cancel(visit) {
    const chosen = await question({
      title: `Cancel the visit of ${visit.name}?`, yes: 'Cancel the visit',
      fields: [
        { name: 'reason', label: 'Why', options: facts.cancelReasons.filter(([code]) => code !== 'request_declined' || visit.status === 'requested') },
        { name: 'by', label: 'Who cancels', options: [['patient', 'The patient'], ['clinic', 'The clinic']] },
      ],
    });
    if (!chosen) return day.focus(visit.id);
    const answer = await send(visit, 'cancellations', chosen, () => `The visit of ${visit.name} is cancelled. Its time is free.`);
    return answer.isOk || refused(visit, answer);
  }

  // Moves it; asks once where the server says that somebody has to choose. Answers false when the visit stays where it was.
  async function move(visit, body) {
    const answer = await send(visit, 'moves', body, it => `${it.name} moved to ${facts.days === 1 ? day.spoken(it.at) : `${day.addDays(facts.date, it.day)}, ${day.spoken(it.at)}`}.`);
    if (answer.isOk) return true;
    const more = await asked(answer, 'Move it all the same');
    if (more === undefined) return refused(visit, answer);
    if (more === null) return false;
    return move(visit, { ...body, ...more });
  }

  const overbookReasons = [['urgent', 'Urgent'], ['walk_in', 'Walk-in'], ['provider_asked', 'The provider asked'], ['short_visit', 'A short visit'], ['other', 'Other']];

  // What the person adds: undefined when there is nothing to ask, null when they think better of it.
  async function asked(answer, yes) {
    const code = (answer.body.code ?? '').split('.')[1];
    if (answer.body.warnings) return await question({ title: 'Against the rules', text: answer.body.title.replace(/ Confirm.*$/, ''), yes }) && { isConfirmed: true };
    if (answer.body.mayOverbook) return question({ title: 'This time is taken', text: 'You may book it all the same. Why?', yes: 'Overbook', fields: [{ name: 'overbookReason', label: 'Reason', options: overbookReasons }] });
    if (code !== 'doubled-time') return undefined;
    return question({ title: 'The clocks show this time twice', text: 'Which one?', yes, fields: [{ name: 'which', label: 'Time', options: [['earlier', 'The earlier'], ['later', 'The later']] }] });
  }

  // ---- The side panel ---------------------------------------------------------------------------------------------
  function open(address) {
    if (window.htmx) window.htmx.ajax('GET', address, { target: '#panel', select: '[data-panel]', swap: 'innerHTML' });
    else window.location.assign(address);
  }

  function book(at, more = {}) {
    const address = new URLSearchParams({ day: day.addDays(facts.date, at.day), at: day.clock(at.at) });
    const which = day.which(at.at);
    if (which) address.set('which', which);
    for (const [name, value] of Object.entries(more)) if (value) address.set(name, value);
    open('/day/book?' + address);
  }

  Object.assign(day, { ask, say, icon, question, undo, status, cancel, move, open, book, wordsOf });
})();
