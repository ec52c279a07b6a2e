// The review page: one statement is at hand; its sources light up, and the keys a, e and r are its buttons'. Without script all of it works as plain forms.
(() => {
  'use strict';
  const all = selector => [...document.querySelectorAll(selector)];
  const cards = () => all('.review .statement');
  const keys = { accept: ['a', 'Accept or look at the statement'], edit: ['e', 'Edit the statement'], reject: ['r', 'Reject the statement'] };
  let current = null;   // its id: the element itself is replaced with every decision
  let since = performance.now();

  function light(card) {
    all('.span.is-cited').forEach(span => span.classList.remove('is-cited'));
    const cited = (card?.dataset.cites ?? '').split(' ').filter(Boolean)
      .flatMap(id => id.includes('.') ? [document.getElementById(id)] : all(`[id="${id}"] .span`)).filter(Boolean);
    cited.forEach(span => span.classList.add('is-cited'));
    const box = document.querySelector('.review-scroll');
    if (cited.length && box && box.scrollHeight > box.clientHeight) {
      box.scrollTop += cited[0].getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
    }
  }

  function take(card, isFocused) {
    if (!card) return;
    if (current !== card.id) since = performance.now();
    current = card.id;
    all('.statement.is-current').forEach(other => other.classList.remove('is-current'));
    card.classList.add('is-current');
    all('[data-act]').forEach(button => button.removeAttribute('data-key'));
    for (const button of card.querySelectorAll('[data-act]')) {
      const [key, words] = keys[button.dataset.act];
      if (card.querySelector(`[data-key="${key}"]`)) continue;
      button.dataset.key = key;
      button.dataset.keyText = words;
    }
    light(card);
    if (!isFocused) { card.focus({ preventScroll: true }); card.scrollIntoView({ block: 'center' }); }
  }

  function move(step) {
    const list = cards();
    const at = list.findIndex(card => card.id === current);
    take(list[at < 0 ? 0 : Math.min(list.length - 1, Math.max(0, at + step))]);
  }

  // After a decision: the same statement when it still waits (it was opened, or reworded and flagged), else the next one that waits.
  function goOn(id) {
    const list = cards();
    const at = list.findIndex(card => card.id === id);
    if (at < 0) return;
    const next = list[at].dataset.waiting ? list[at] : list.slice(at).find(card => card.dataset.waiting) ?? list.find(card => card.dataset.waiting);
    take(next ?? list[at]);
  }

  document.addEventListener('focusin', event => { const card = event.target.closest('.statement'); if (card) take(card, true); else if (event.target.closest('.left-out')) light(event.target.closest('.left-out')); });
  document.addEventListener('mouseover', event => { const card = event.target.closest('.statement, .left-out'); if (card && card.id !== current) light(card); });
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-review-move]');
    if (button) move(Number(button.dataset.reviewMove));
  });
  document.addEventListener('submit', event => {
    const seconds = event.target.querySelector('input[name="seconds"]');
    if (seconds && (event.target.closest('.accept-many') || event.target.closest('.statement')?.id === current)) seconds.value = Math.min(86400, Math.round((performance.now() - since) / 1000));
  }, true);
  document.addEventListener('toggle', event => { if (event.target.matches('.act[open]')) event.target.querySelector('textarea, select')?.focus(); }, true);
  let decided = null;
  document.addEventListener('htmx:before:request', ({ detail: { ctx } }) => { decided = ctx.sourceElement?.closest?.('.statement')?.id ?? null; });
  document.addEventListener('htmx:after:settle', () => { if (decided) { goOn(decided); decided = null; } });
  const start = cards().find(card => '#' + card.id === location.hash) ?? cards().find(card => card.dataset.waiting);
  if (start && location.hash) goOn(start.id); else if (start) take(start, true);
})();
