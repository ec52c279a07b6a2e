// Tasks: j and k go through the lines, x does one, e opens one. Without script every line has its button and its link.
(() => {
  'use strict';
  const list = document.querySelector('[data-task-rows]');
  if (!list) return;
  const rows = () => [...list.querySelectorAll('.task-row[tabindex]')];
  const keysAreOn = () => localStorage.getItem('keys') !== 'off';

  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]') || event.target.closest?.('input, textarea, select')) return;
    const at = rows().indexOf(event.target.closest?.('.task-row'));
    if (event.key === 'ArrowDown' && at >= 0 || event.key === 'j' && keysAreOn()) return go(event, at + 1);
    if (event.key === 'ArrowUp' && at >= 0 || event.key === 'k' && keysAreOn()) return go(event, Math.max(0, at - 1));
    if (at < 0) return;
    const row = rows()[at];
    if (event.key === 'x' && keysAreOn()) click(event, row.querySelector('[data-done]'));
    if (event.key === 'e' && keysAreOn() || event.key === 'Enter' && event.target === row) click(event, row.querySelector('[data-edit]'));
  }

  function go(event, to) {
    event.preventDefault();
    rows()[Math.min(to, rows().length - 1)]?.focus();
  }

  function click(event, element) {
    event.preventDefault();
    element?.click();
  }

  document.addEventListener('keydown', pressed);
})();
