// The form of vital signs says, while one types, what lies outside of the range and what the body mass index is. The server works both out again.
(() => {
  'use strict';
  const number = input => /^\s*\d+(\.\d+)?\s*$/.test(input?.value ?? '') ? Number(input.value) : null;

  function flagOf(input) {
    let value = number(input);
    if (value === null || !input.dataset.low) return null;
    if (input.dataset.sign === 'Temperature' && value >= 80) value = (value - 32) * 5 / 9;
    const word = value < Number(input.dataset.low) ? 'low' : value > Number(input.dataset.high) ? 'high' : null;
    return word && `${input.dataset.sign} ${word}`;
  }

  function bodyMass(form) {
    const weight = number(form.querySelector('[name="weight"]')), height = number(form.querySelector('[name="height"]'));
    return weight && height ? `BMI ${(weight / (height / 100) ** 2).toFixed(1)}` : null;
  }

  document.addEventListener('input', event => {
    const form = event.target.closest?.('[data-vitals]');
    if (!form) return;
    const told = [...form.querySelectorAll('[data-low]')].map(flagOf);
    form.querySelector('[data-vital-now]').textContent = [...told, bodyMass(form)].filter(Boolean).join(' · ');
  });
})();
// The code of a problem, found while one types. What is typed goes in the body of a POST; nothing of it is kept. A code that was chosen stays when more is typed.
(() => {
  'use strict';
  const api = '/api/v1/codes/icd-10-cm';
  let waiting = null;
  let asked = null;

  const ask = (path, options) => fetch(api + path, { ...options, headers: { 'Content-Type': 'application/json', 'Chartroom-Person': document.body.dataset.person ?? '' } });

  function hit(box, code) {
    const element = box.querySelector('[data-code-template]').content.firstElementChild.cloneNode(true);
    const radio = element.querySelector('input');
    radio.value = code.code;
    radio.dataset.title = code.title;
    element.querySelector('[data-code-code]').textContent = code.code;
    element.querySelector('[data-code-title]').textContent = code.title;
    element.querySelector('[data-code-heading]').hidden = code.isBillable;
    element.querySelector('[data-code-star]').setAttribute('aria-label', `Keep ${code.code} at hand`);
    return element;
  }

  async function find(box) {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await ask('/search', { method: 'POST', body: JSON.stringify({ text: box.querySelector('[name="words"]').value, limit: 12 }), signal: asked.signal });
      if (answer.ok) show(box, (await answer.json()).codes);
    } catch (error) {
      if (error.name !== 'AbortError') box.querySelector('[data-code-status]').textContent = 'The search did not answer.';
    }
  }

  function show(box, codes) {
    const chosen = box.querySelector('.code-hit:has(input:checked)');
    box.querySelectorAll('.code-hit').forEach(element => element === chosen || element.remove());
    const kept = chosen?.querySelector('input').value;
    box.querySelector('[data-code-hits]').append(...codes.filter(code => code.code !== kept).map(code => hit(box, code)));
    box.querySelector('[data-code-status]').textContent = codes.length ? `${codes.length} found` : 'nothing found';
  }

  async function star(button) {
    const isKept = button.getAttribute('aria-pressed') === 'true';
    const code = button.closest('.code-hit').querySelector('input').value;
    const answer = await ask(`/favourites/${code}`, { method: isKept ? 'DELETE' : 'PUT' });
    if (answer.ok) button.setAttribute('aria-pressed', String(!isKept));
  }

  document.addEventListener('input', event => {
    const box = event.target.name === 'words' && event.target.closest('[data-code-search]');
    if (!box) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => find(box), 120);
  });
  document.addEventListener('change', event => {
    const box = event.target.name === 'code' && event.target.closest('[data-code-search]');
    if (box && event.target.dataset.title) box.querySelector('[name="words"]').value = event.target.dataset.title;
  });
  document.addEventListener('click', event => { if (event.target.closest?.('[data-code-star]')) star(event.target.closest('[data-code-star]')); });
  document.addEventListener('keydown', event => {
    const box = event.key === 'ArrowDown' && event.target.name === 'words' && event.target.closest('[data-code-search]');
    const first = box && box.querySelector('.code-hit input');
    if (!first) return;
    event.preventDefault();
    first.focus();
    first.click();
  });
})();
