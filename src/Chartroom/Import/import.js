// Sends the chosen files one after another, each in a request of its own, and shows how far it is and the report of each.
(() => {
  'use strict';
  const form = document.querySelector('[data-import]');
  if (!form) return;
  const progress = form.querySelector('.import-progress'), bar = form.querySelector('progress'), status = form.querySelector('[data-import-status]');
  const reports = document.querySelector('[data-import-reports]'), button = form.querySelector('button[type=submit]');

  form.addEventListener('submit', async event => {
    event.preventDefault();
    const files = [...form.querySelector('input[type=file]').files];
    if (files.length === 0 || button.disabled) return;
    button.disabled = true;
    progress.hidden = false;
    bar.max = files.length;
    let taken = 0;
    for (const [index, file] of files.entries()) {
      bar.value = index;
      status.textContent = `File ${index + 1} of ${files.length}`;
      const report = await send(file);
      if (report.querySelector('.tone-bad') === null) taken++;
      reports.prepend(report);
    }
    bar.value = files.length;
    status.textContent = `${taken} of ${files.length} taken in, ${files.length - taken} refused.`;
    button.disabled = false;
    form.reset();
  });

  async function send(file) {
    if (file.size > Number(form.dataset.limitBytes)) return said(file, 'The file is larger than this clinic takes in at once. Split it by patient.');
    const body = new FormData();
    body.append('files', file, file.name);
    try {
      const answer = await fetch(form.action, { method: 'POST', body, headers: { 'Chartroom-Person': document.body.dataset.person } });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      return page.querySelector('.import-report') ?? said(file, page.querySelector('h1')?.textContent ?? 'The file could not be sent.');
    } catch {
      return said(file, 'The connection was lost. Send the file again; what is there already stays as it is.');
    }
  }

  function said(file, words) {
    const box = Object.assign(document.createElement('section'), { className: 'card card-body import-report' });
    const state = Object.assign(document.createElement('span'), { className: 'state tone-bad', textContent: 'Refused' });
    const title = document.createElement('h2');
    title.append(`${file.name} `, state);
    box.append(title, Object.assign(document.createElement('p'), { textContent: words }));
    return box;
  }
})();
