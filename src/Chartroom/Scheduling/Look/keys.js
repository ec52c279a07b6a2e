// A field for a key takes the one that is pressed. What leads on from the field (Tab, Enter, Escape) and what the browser does with Ctrl, Alt and the like stays.
(() => {
  'use strict';
  const passes = ['Tab', 'Enter', 'Escape', 'Backspace', 'Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'NumLock', 'Dead', 'Process', 'Unidentified'];
  const names = { ArrowLeft: '←', ArrowRight: '→', ' ': 'Space' };
  const fieldOf = event => event.target.closest?.('[data-takes-key]');

  function pressed(event) {
    const field = fieldOf(event);
    if (!field || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || passes.includes(event.key)) return;
    event.preventDefault();
    field.value = names[event.key] ?? event.key;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  document.addEventListener('keydown', pressed);
  document.addEventListener('focusin', event => fieldOf(event)?.select());
})();
