// In the booking form: the next free times, why a time is not offered, and a new patient without leaving the panel.
(() => {
  'use strict';
  const make = (tag, className, text) => Object.assign(document.createElement(tag), { className: className ?? '', textContent: text ?? '' });
  const key = () => 'book-' + [...crypto.getRandomValues(new Uint32Array(4))].map(part => part.toString(16).padStart(8, '0')).join('');

  async function ask(path, body) {
    try {
      const answer = await fetch(path, {
        method: 'POST', body: JSON.stringify(body),
        headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'Idempotency-Key': key(), 'Chartroom-Person': document.body.dataset.person ?? '' },
      });
      return { isOk: answer.ok, body: await answer.json() };
    } catch {
      return { isOk: false, body: { title: 'The server did not answer. Please try again.' } };
    }
  }

  const wordsOf = body => [...new Set([body.title, ...Object.values(body.errors ?? {}).flat().map(it => it.message ?? it)])].join(' ');

  // ---- Free times -------------------------------------------------------------------------------------------------
  function dress() {
    const form = document.getElementById('book');
    if (!form || form.querySelector('.find-free')) return;
    const box = make('div', 'find-free');
    const found = make('div');
    found.setAttribute('aria-live', 'polite');
    box.append(button('Find a free time', () => find(form, found)), ' ', button('Is this time offered?', () => judge(form, found)), found);
    form.querySelector('.form-buttons').before(box);
    form.addEventListener('change', event => { if (ofTime.includes(event.target.name)) tell(form); });
    tell(form);
  }

  // ---- Why the time in the form is not offered, at once and at each change --------------------------------------------
  const ofTime = ['visitTypeId', 'providerId', 'locationId', 'day', 'at', 'minutes', 'which', 'roomId', 'deviceId'];
  let told = 0;

  async function tell(form) {
    const place = form.parentElement.querySelector('[data-why-not]');
    const turn = ++told;
    if (!place || ['providerId', 'locationId', 'day', 'at'].some(name => !valueOf(form, name))) return place?.replaceChildren();
    const answer = await ask('/api/v1/slots/why-not', question(form));
    if (turn !== told || !answer.isOk) return;
    if (!answer.body.reasons.length) return place.replaceChildren();
    const note = make('div', 'notice tone-warn');
    const words = make('div');
    words.append(make('strong', '', 'This time is not offered'), ...answer.body.reasons.map(it => make('p', 'm-0', it.words)));
    note.append(words);
    place.replaceChildren(note);
  }

  // "Repeat …" leaves for the page of series with all that was entered; nothing of it stands in an address.
  function leave(event) {
    const way = event.target.closest?.('button[data-leave]');
    const form = way?.form;
    if (!form) return;
    event.preventDefault();
    const then = Object.assign(make('input'), { type: 'hidden', name: way.name, value: way.value });
    const was = form.getAttribute('action');
    form.append(then);
    form.elements.idempotency_key.value = key();
    form.setAttribute('action', way.getAttribute('formaction'));
    HTMLFormElement.prototype.submit.call(form);
    form.setAttribute('action', was);
    then.remove();
  }

  function button(text, act) {
    const made = Object.assign(make('button', 'btn btn-sm', text), { type: 'button' });
    made.addEventListener('click', act);
    return made;
  }

  const valueOf = (form, name) => form.elements[name]?.value || undefined;
  const sayIn = (place, ...words) => place.replaceChildren(...words.map(it => make('p', '', it)));

  function wanted(form) {
    return { visitTypeId: valueOf(form, 'visitTypeId'), locationId: valueOf(form, 'locationId'), minutes: Number(valueOf(form, 'minutes')) || undefined };
  }

  function question(form) {
    return {
      ...wanted(form), providerId: valueOf(form, 'providerId'), day: valueOf(form, 'day'), at: valueOf(form, 'at'), which: valueOf(form, 'which'), roomId: valueOf(form, 'roomId'),
      deviceId: valueOf(form, 'deviceId'),
    };
  }

  async function find(form, place) {
    if (!valueOf(form, 'visitTypeId')) return sayIn(place, 'Choose the visit type first.');
    const [from, provider] = [valueOf(form, 'day'), valueOf(form, 'providerId')];
    const to = new Date(Date.parse(from + 'T00:00:00Z') + 27 * 86400000).toISOString().slice(0, 10);
    const answer = await ask('/api/v1/slots/search', { ...wanted(form), providers: provider ? [provider] : [], from, to, most: 12 });
    if (!answer.isOk) return sayIn(place, wordsOf(answer.body));
    if (!answer.body.slots.length) return sayIn(place, 'Nothing is free in the four weeks from that day.');
    const list = make('ul');
    list.append(...answer.body.slots.map(slot => row(form, place, slot)));
    place.replaceChildren(list);
  }

  function row(form, place, slot) {
    const [day, time] = slot.localStart.split('T');
    const when = new Date(slot.localStart + 'Z').toLocaleString('en-US', { weekday: 'short', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZone: 'UTC' });
    const choose = button(when, () => {
      const values = { day, at: time.slice(0, 5), providerId: slot.providerId, locationId: slot.locationId, roomId: slot.roomId };
      for (const [name, value] of Object.entries(values)) if (value && form.elements[name]) form.elements[name].value = value;
      sayIn(place, `${when} with ${slot.providerName} is chosen.`);
      tell(form);
    });
    choose.dataset.slot = '';
    choose.append(make('span', 'text-secondary', slot.providerName));
    const item = make('li');
    item.append(choose);
    return item;
  }

  async function judge(form, place) {
    const missing = ['visitTypeId', 'providerId', 'locationId', 'day', 'at'].find(name => !valueOf(form, name));
    if (missing) return sayIn(place, 'Choose visit type, provider, day and time first.');
    const answers = await Promise.all([undefined, 'new', 'existing'].map(onlineFor => ask('/api/v1/slots/why-not', { ...question(form), onlineFor })));
    const failed = answers.find(answer => !answer.isOk);
    if (failed) return sayIn(place, wordsOf(failed.body));
    const [desk, ...online] = answers.map(answer => answer.body.reasons);
    sayIn(place, ...(desk.length ? desk.map(it => it.words) : ['This time is offered at the desk.']), ...online.map((reasons, at) => onlineWords(['new', 'existing'][at], reasons, desk)));
  }

  // What a patient on the telephone asks: why the booking page does not show a time. What speaks against it at the desk is not said three times.
  function onlineWords(kind, reasons, desk) {
    const more = reasons.filter(it => !desk.some(known => known.code === it.code));
    const words = more.length ? more.map(it => it.words).join(' ') : desk.length ? 'no, for the same reason.' : 'offered too.';
    return `Online, to ${kind} patients: ${words}`;
  }

  // ---- A new patient ----------------------------------------------------------------------------------------------
  async function created(event) {
    const form = event.target;
    if (!form.matches?.('[data-quick-patient]')) return;
    event.preventDefault();
    const of = name => form.querySelector('#quick-' + name).value.trim() || null;
    const [given, family] = [of('given'), of('family')];
    const isSure = event.submitter?.dataset.sure === 'true';
    const answer = await ask('/api/v1/patients', { patient: { name: { given, family }, birthDate: of('birth'), contact: { mobile: of('phone') } }, confirmed: isSure });
    const place = form.querySelector('[data-refusal]');
    if (answer.isOk) return go(form, answer.body.id);
    const note = make('div', 'notice tone-warn', wordsOf(answer.body));
    note.setAttribute('role', 'alert');
    place.replaceChildren(note);
    if ((answer.body.code ?? '').endsWith('possible-duplicate')) alike(form, note, `${given ?? ''} ${family ?? ''}`.trim());
  }

  // Who is alike stands in the list of the search above; or it is somebody else.
  function alike(form, note, name) {
    const box = document.getElementById('pick-text');
    box.value = name;
    box.dispatchEvent(new Event('input', { bubbles: true }));
    const sure = Object.assign(make('button', 'btn btn-sm', 'It is somebody else: create'), { type: 'submit' });
    sure.dataset.sure = 'true';
    note.append(' Choose above, or: ', sure);
  }

  function go(form, patient) {
    const address = document.querySelector('[data-pick]').dataset.pick + 'patient=' + patient;
    if (form.closest('#panel') && window.htmx) window.htmx.ajax('GET', address, { target: '#panel', select: '[data-panel]', swap: 'innerHTML' });
    else window.location.assign(address);
  }

  document.addEventListener('click', leave, true);
  document.addEventListener('submit', created, true);
  document.addEventListener('htmx:after:settle', dress);
  dress();
})();
