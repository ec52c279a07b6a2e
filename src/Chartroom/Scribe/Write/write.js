// A note by hand: saved while one types; a dot and a word become what they stand for, and Tab goes through the places to fill in.
(() => {
  'use strict';
  const form = document.querySelector('form[data-autosave]');
  if (!form) return;
  const state = form.querySelector('[data-save-state]');
  const snippets = JSON.parse(document.getElementById('snippets')?.textContent || '{}');
  const say = words => { state.textContent = words; };
  let timer = null, saving = false, again = false, isSent = false, isNew = false;

  async function save() {
    if (isSent) return;
    if (saving) { again = true; return; }
    saving = true;
    isNew = false;
    const body = new URLSearchParams(new FormData(form));
    body.set('act', 'auto');
    body.set('idempotency_key', crypto.randomUUID());
    try {
      const answer = await fetch(form.action, { method: 'POST', body, headers: document.body.dataset.person ? { 'Chartroom-Person': document.body.dataset.person } : {} });
      if (answer.ok) {
        const kept = await answer.json();
        for (const field of document.querySelectorAll(`form[action^="${new URL(form.action).pathname}"] [name="version"]`)) field.value = kept.version;
        if (!isNew) form.dispatchEvent(new CustomEvent('chartroom:saved', { bubbles: true }));
        say('Saved ' + new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }));
      } else say(answer.status === 412 ? 'Not saved: this note was changed elsewhere. Copy your words and open the page again.' : 'Not saved. Your words are still here; they are saved with the next change or the button.');
    } catch {
      say('Not saved: no answer. Your words are still here.');
    }
    saving = false;
    if (again) { again = false; save(); }
  }

  // As if it had been typed, so that the browser's own undo takes it back.
  function write(area, from, to, words) {
    area.setSelectionRange(from, to);
    if (!document.execCommand('insertText', false, words)) area.setRangeText(words, from, to, 'end');
  }

  function expand(area) {
    const at = area.selectionStart;
    const typed = /(^|[\s(])\.([a-z][a-z0-9-]*)(\s?)$/.exec(area.value.slice(0, at));
    if (!typed || !Object.hasOwn(snippets, typed[2])) return;
    const mayGoOn = !typed[3] && Object.keys(snippets).some(word => word !== typed[2] && word.startsWith(typed[2]));
    if (mayGoOn) return;   // .ros and .ros-neg: the shorter one waits for a space
    const from = at - typed[2].length - 1 - typed[3].length;
    write(area, from, at, snippets[typed[2]]);
    if (!next(area, from)) area.setSelectionRange(from + snippets[typed[2]].length, from + snippets[typed[2]].length);
    say(`Wrote .${typed[2]}`);
  }

  function next(area, from) {
    const place = /\{[^{}\n]*\}/g;
    place.lastIndex = from;
    const found = place.exec(area.value);
    if (found) area.setSelectionRange(found.index, found.index + found[0].length);
    return Boolean(found);
  }

  form.addEventListener('input', event => {
    if (event.target.matches('[data-snippets]') && event.inputType?.startsWith('insert') && !event.isComposing) expand(event.target);
    isNew = true;
    clearTimeout(timer);
    timer = setTimeout(save, 1500);
  });
  form.addEventListener('keydown', event => {
    if (event.key !== 'Tab' || event.shiftKey || !event.target.matches('[data-snippets]')) return;
    if (next(event.target, event.target.selectionEnd)) event.preventDefault();   // after the last one Tab leaves the field as always
  });
  form.addEventListener('submit', () => { isSent = true; clearTimeout(timer); }, true);
  document.addEventListener('htmx:finally:request', () => { isSent = false; });
})();
