// What stands in the block of a visit, on the calendar and in the list of a telephone.
(() => {
  'use strict';
  const day = window.chartroomDay;
  if (!day) return;
  const { facts } = day;
  const { look } = facts;
  const isWeek = facts.days > 1;
  const byRoom = !isWeek && look.columns === 'room';
  const pixelsAMinute = (look.density === 'compact' ? 16 : 22) / look.zoom;
  const sizeOf = visit => { const height = visit.minutes * pixelsAMinute; return height < 34 ? 1 : height < 52 ? 2 : 3; };
  const flagWords = { new: 'New', overbooked: 'Overbooked', series: 'Series', late: 'Late' };
  const make = (tag, className, text) => Object.assign(document.createElement(tag), { className: className ?? '', textContent: text ?? '' });

  const pattern = document.createElement('template');   // copied: half the time of making each part by hand
  pattern.innerHTML = '<span class="visit-who"><time></time> <b></b></span><span class="visit-what"></span>'
    + '<span class="visit-state"><svg class="ico" width="16" height="16" aria-hidden="true"><use></use></svg><span></span></span>';

  // A sign alone where words would cut off the name; what it says is read out, and shown when pointed at.
  function signed(name, text, words) {
    const flag = Object.assign(make('span', 'flag flag-' + name), { title: words });
    const sign = make('span', '', text);
    sign.setAttribute('aria-hidden', 'true');
    flag.append(sign, make('span', 'visually-hidden', words));
    return flag;
  }

  const lastSeenBy = name => signed('other', '⇄', name ? `Last seen by ${name}` : 'Last seen by another provider');

  function linesOf(visit) {
    const [who, what, state] = pattern.content.cloneNode(true).children;
    who.firstChild.textContent = visit.time;
    who.lastChild.textContent = visit.name;
    const flags = visit.alert ? [signed('alert', '!', `Alert: ${visit.alert}`)] : [];
    if (visit.interpreter) flags.push(signed('interpreter', 'Interpreter', `Interpreter: ${visit.interpreter}`));
    flags.push(...[...(visit.flags ?? []), ...(day.isLate(visit) ? ['late'] : [])].map(flag => make('span', 'flag flag-' + flag, flagWords[flag])));
    if (visit.balance) flags.push(make('span', visit.balance.startsWith('Owes') ? 'flag flag-owes' : 'flag flag-credit', visit.balance));
    if (day.editors?.get(visit.id)) flags.push(make('span', 'flag flag-edited', `${day.editors.get(visit.id)} is editing`));
    if (visit.forms) {
      const forms = make('span', 'flag flag-forms', `${visit.forms} form${visit.forms > 1 ? 's' : ''}`);
      forms.append(make('span', 'visually-hidden', ' missing'));
      flags.push(forms);
    }
    if (visit.last) flags.push(lastSeenBy(facts.people[visit.last]));   // these two are the least: they stand last
    if (visit.number) flags.push(signed('number', `#${visit.number}`, `Visit number ${visit.number}`));
    if (flags.length) { const line = make('span', 'visit-flags'); line.append(...flags); who.append(line); }
    const at = byRoom || (isWeek && !facts.provider) ? ' · ' + visit.who : '';
    what.textContent = (facts.types[visit.type]?.name ?? '') + (visit.roomName && !byRoom ? ' · ' + visit.roomName : '') + at;
    state.firstChild.firstChild.setAttribute('href', '#st-' + visit.status);
    state.lastChild.textContent = day.step(visit).words;
    return [who, what, state];
  }

  const classesOf = visit => ['visit', 'c-' + day.colour(visit), 'is-' + visit.status];

  Object.assign(day, { make, linesOf, classesOf, pixelsAMinute, sizeOf });
})();
