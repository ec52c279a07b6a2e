// What every page can do beyond plain HTML: keys, menus, the side panel, and forms that keep what was typed whatever the server answers.
// Nothing typed is ever written to the browser's storage; the one thing kept there is whether single keys are on.
(() => {
  'use strict';
  const byId = id => document.getElementById(id);
  const isTyping = element => element.closest?.('input, textarea, select, [contenteditable]');

  // ---- Keys -------------------------------------------------------------------------------------------------------
  const keysAreOn = () => localStorage.getItem('keys') !== 'off';

  function pressed(event) {
    if (event.key === 'Escape') return closeAll();
    if (event.altKey || event.repeat) return;
    const isChord = event.ctrlKey || event.metaKey;
    if (!isChord && (isTyping(event.target) || document.querySelector('dialog[open]') || !keysAreOn())) return;
    const action = keyAction(isChord ? 'Ctrl+' + (event.key.length === 1 ? event.key.toUpperCase() : event.key) : event.key, event.target);
    if (!action) return;
    event.preventDefault();
    action();
  }

  function keyAction(key, target) {
    if (key === '/') return byId('patient-search') && (() => byId('patient-search').focus());
    if (key === '?') return byId('keys') && openKeys;
    const element = [...document.querySelectorAll('[data-key]')].find(candidate => candidate.dataset.key === key);
    if (element) return () => setTimeout(() => element.click());   // after htmx, which takes hold of the page in such a step of its own: else a panel opens as a page
    const form = key === 'Ctrl+S' && target.closest?.('form[method="post"]');
    return form && (() => form.requestSubmit(form.querySelector('[type="submit"]')));
  }

  function openKeys() {
    const list = byId('keys').querySelector('.key-list');
    list.querySelectorAll('[data-of-page]').forEach(row => row.remove());
    for (const element of document.querySelectorAll('[data-key], [data-listed-key]')) list.append(keyRow(element));
    byId('keys-on').checked = keysAreOn();
    byId('keys').showModal();
  }

  function keyRow(element) {
    const row = document.createElement('div');
    row.dataset.ofPage = '';
    const key = element.dataset.key ?? element.dataset.listedKey;
    row.append(document.createElement('dt'), document.createElement('dd'));
    row.firstChild.append(Object.assign(document.createElement('kbd'), { textContent: { ArrowLeft: '←', ArrowRight: '→' }[key] ?? key }));
    row.lastChild.textContent = element.dataset.keyText || element.textContent.trim();
    return row;
  }

  function closeAll() {
    const open = document.querySelector('details.menu[open], details.confirm[open]');
    if (open) { open.open = false; open.querySelector('summary').focus(); }
    closeSearch();
  }

  // ---- Search: arrows go through what was found -------------------------------------------------------------------
  const closeSearch = () => document.querySelectorAll('.search-results').forEach(list => list.replaceChildren());

  // How many were found is read out; the list itself only when somebody goes there.
  function tellFound(list) {
    const count = list.querySelectorAll('.search-hits a').length;
    list.closest('.patient-search').querySelector('[role="status"]').textContent = count ? `${count} found` : list.textContent.trim();
  }

  function arrow(event) {
    const form = event.target.closest('.patient-search, .pick-patient');
    if (!form || !['ArrowDown', 'ArrowUp'].includes(event.key)) return;
    const stops = [form.querySelector('[type="search"]'), ...form.querySelectorAll('.search-hits a')];
    const next = stops[stops.indexOf(document.activeElement) + (event.key === 'ArrowDown' ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  // ---- Clicks on parts --------------------------------------------------------------------------------------------
  function clicked(event) {
    const on = selector => event.target.closest(selector);
    if (on('form a')) unsaved.delete(on('form'));
    if (on('[data-close-toast]')) on('.toast-note').remove();
    if (on('[data-close-details]')) on('details').open = false;
    if (on('[data-opens]')) { on('details')?.removeAttribute('open'); openKeys(); }
    if (on('[data-panel-close]') && on('dialog')) { event.preventDefault(); on('dialog').close(); }
    for (const menu of document.querySelectorAll('details.menu[open]')) if (!menu.contains(event.target)) menu.open = false;
    if (!on('.patient-search')) closeSearch();
  }

  // ---- Forms ------------------------------------------------------------------------------------------------------
  let unsent = null;   // the form that met a closed door, and the button it was sent with

  const formOf = ctx => ctx.sourceElement?.closest?.('form');

  function beforeRequest({ detail: { ctx } }) {
    if (document.body.dataset.person) ctx.request.headers['Chartroom-Person'] = document.body.dataset.person;
    const form = formOf(ctx);
    form?.setAttribute('aria-busy', 'true');
    ctx.request.submitter?.setAttribute('aria-disabled', 'true');
  }

  function afterRequest({ detail: { ctx } }) {
    if (ctx.hx?.redirect) return;   // the next page is on its way: the button stays shut
    formOf(ctx)?.removeAttribute('aria-busy');
    ctx.request.submitter?.removeAttribute('aria-disabled');
  }

  // A refusal goes to the place for it in the form; the form itself, with all that was typed, stays.
  function answered(event) {
    const ctx = event.detail.ctx;
    if (ctx.response.status >= 400 && formOf(ctx)?.method === 'post') unsaved.add(formOf(ctx));   // it came back: still not saved
    if (ctx.response.status === 401) {
      event.preventDefault();
      unsent = { form: formOf(ctx), submitter: ctx.request.submitter };
      byId('signed-out')?.showModal();
      return;
    }
    if (ctx.response.headers.has('Chartroom-Refusal')) put(ctx, placeForRefusal(ctx), null, 'innerHTML');
    else if (isAnotherPage(ctx)) put(ctx, byId('main'), '#main', 'outerHTML');
  }

  const put = (ctx, target, select, swap) => Object.assign(ctx, { target, select, swap });

  // A form may be answered by a page that no longer holds it ("a mail is on its way"): then that page takes the place of the whole.
  function isAnotherPage(ctx) {
    if (!ctx.select || !ctx.sourceElement.matches('form[method="post"]') || !ctx.text.includes('id="main"')) return false;
    return !new DOMParser().parseFromString(ctx.text, 'text/html').querySelector(ctx.select);
  }

  const placeForRefusal = ctx => formOf(ctx)?.querySelector('[data-refusal]') || byId('notices') || document.body;

  function failed({ detail: { ctx } }) {
    if (!ctx) return;
    const note = document.createElement('div');
    note.className = 'notice tone-bad';
    note.setAttribute('role', 'alert');
    note.textContent = 'The server did not answer. What you typed is still here; please try again.';
    placeForRefusal(ctx).replaceChildren(note);
  }

  function swapped({ target }) {
    if (target.matches?.('.search-results')) tellFound(target);
    if (target.id === 'panel' || target.closest?.('#panel')) showPanel();
    const focus = target.querySelector?.('[data-focus]') || (formOf({ sourceElement: target })?.querySelector('[data-focus]'));
    if (focus) focus.focus();
    else if (target.id === 'main') target.focus();
  }

  function showPanel() {
    const dialog = byId('panel-dialog');
    if (dialog.open || !byId('panel').hasChildNodes()) return;   // closed while it was coming: it stays closed
    dialog.showModal();
    byId('panel-title')?.focus();
  }

  function sendAgain() {
    if (byId('signed-out').returnValue === 'again' && unsent?.form?.isConnected) unsent.form.requestSubmit(unsent.submitter ?? undefined);
    unsent = null;
  }

  // Leaving a page with words in a form that was not sent asks first. Sending the form, or its own "cancel" link, is an answer.
  const unsaved = new Set();

  function typed(event) {
    const form = event.target.closest?.('form[method="post"]:not([role="search"])');
    if (form) unsaved.add(form);
  }

  function leaving(event) {
    if ([...unsaved].some(form => form.isConnected)) event.preventDefault();
  }

  // ---- Passkeys: the browser is asked first, then the form goes its way with the answer in it -----------------------
  function passkeySubmit(event) {
    const form = event.target;
    if (!form.dataset.passkey || form.elements.credential.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    askDevice(form, event.submitter);
  }

  async function askDevice(form, submitter) {
    const isNew = form.dataset.passkey === 'create';
    try {
      const asked = await fetch(form.dataset.passkeyOptions, { method: 'POST' });
      if (asked.status === 401 || asked.status === 403) return location.reload();   // signed out, or a fresh proof is needed: the page knows the way
      const options = await asked.json();
      const credential = isNew
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      form.elements.credential.value = JSON.stringify(credential);
      form.requestSubmit(submitter ?? undefined);
    } catch {
      const note = Object.assign(document.createElement('div'), { className: 'notice tone-warn', textContent: `No passkey was ${isNew ? 'made' : 'used'}. Try again, or go on with a code.` });
      note.setAttribute('role', 'alert');
      form.querySelector('[data-refusal]').replaceChildren(note);
    }
  }

  // Forms that htmx does not send: the second click of a double click goes nowhere.
  function plainSubmit(event) {
    const form = event.target;
    unsaved.delete(form);
    if (form.hasAttribute('hx-post') && window.htmx) return;
    if (form.dataset.sent) event.preventDefault();
    if (form.method === 'post') form.dataset.sent = 'true';
  }

  // On a telephone the tabs go beyond the edge: the present one is brought into sight.
  function showTab(tabs) {
    const tab = tabs.querySelector('[aria-current]');
    if (tab) tabs.scrollLeft = tab.getBoundingClientRect().left - tabs.getBoundingClientRect().left - (tabs.clientWidth - tab.offsetWidth) / 2;
  }

  document.querySelectorAll('.tabs').forEach(showTab);
  document.addEventListener('keydown', pressed);
  document.addEventListener('keydown', arrow);
  document.addEventListener('click', clicked);
  document.addEventListener('submit', passkeySubmit, true);
  document.addEventListener('submit', plainSubmit, true);
  document.addEventListener('input', typed);
  document.addEventListener('chartroom:saved', event => unsaved.delete(event.target));   // a form that saves by itself
  window.addEventListener('beforeunload', leaving);
  document.addEventListener('htmx:before:request', beforeRequest);
  document.addEventListener('htmx:after:request', answered);
  document.addEventListener('htmx:finally:request', afterRequest);
  document.addEventListener('htmx:after:settle', swapped);
  document.addEventListener('htmx:error', failed);
  window.addEventListener('pageshow', () => document.querySelectorAll('[data-sent]').forEach(form => delete form.dataset.sent));
  byId('signed-out')?.addEventListener('close', sendAgain);
  byId('panel-dialog')?.addEventListener('close', () => byId('panel').replaceChildren());
  byId('keys-on')?.addEventListener('change', event => localStorage.setItem('keys', event.target.checked ? 'on' : 'off'));
})();
