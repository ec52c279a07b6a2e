// Charts of the insights page, drawn from its table: what a screen reader reads is what is drawn. A point opens the visits behind it, by a click or a tap, or by keys:
// to a screen reader a chart is a slider, whose arrow keys it knows: left and right go along a line, up and down from line to line, Enter opens.
(() => {
  'use strict';
  const colors = ['#0b6e6e', '#b35900', '#174a7c', '#8c1d18', '#5b3a8e', '#14532d', '#9c2c6b', '#4d5b60', '#6b4300', '#0a5f73', '#7a7a00', '#37464a'];
  const dashes = [[], [6, 3], [2, 2], [8, 3, 2, 3]];
  const marks = ['circle', 'rect', 'triangle', 'rectRot', 'star', 'crossRot'];

  function draw(canvas) {
    const table = document.getElementById(canvas.dataset.of);
    const heads = [...table.tHead.rows[0].cells];
    const columns = canvas.dataset.chart.split(' ').map(name => heads.findIndex(head => head.dataset.column === name));
    const rows = [...table.tBodies[0].rows];
    const stretches = [...new Set(rows.map(row => row.cells[0].textContent))];
    const parts = [...new Set(rows.map(row => row.querySelector('.insights-part')?.textContent ?? ''))];
    const isOverTime = stretches.length > 1;
    // With several parts a chart has one line for each: the first column's.
    const drawn = isOverTime && parts.length > 1 ? columns.slice(0, 1) : columns;
    const lines = isOverTime ? parts.flatMap(part => drawn.map(column => ({ part, column }))) : columns.map(column => ({ part: null, column }));
    const labels = isOverTime ? stretches : parts;
    const cellOf = (line, label) => rows.find(row => isOverTime
      ? row.cells[0].textContent === label && (row.querySelector('.insights-part')?.textContent ?? '') === line.part
      : (row.querySelector('.insights-part')?.textContent ?? '') === label)?.cells[line.column];
    const cells = lines.map(line => labels.map(label => cellOf(line, label)));
    const nameOf = line => columns.length > 1 && parts.length === 1 || !line.part ? heads[line.column].textContent : line.part;
    const data = {
      labels: labels.map(label => label || 'All'),
      datasets: lines.map((line, number) => ({
        label: nameOf(line), cells: cells[number],
        data: cells[number].map(cell => cell?.textContent.trim() ? Number(cell.textContent) : null),
        borderColor: colors[number % colors.length], backgroundColor: colors[number % colors.length], borderDash: dashes[number % dashes.length],
        pointStyle: marks[number % marks.length], pointRadius: 3, pointHoverRadius: 5, borderWidth: 2, tension: 0, spanGaps: false,
      })),
    };
    steer(canvas, new Chart(canvas, { type: isOverTime ? 'line' : 'bar', data, options: options(data) }));
  }

  const linkOf = (chart, point) => chart.data.datasets[point.datasetIndex].cells[point.index]?.querySelector('a');

  function steer(canvas, chart) {
    const { datasets, labels } = chart.data;
    const points = datasets.map((line, datasetIndex) => line.cells.map((_, index) => ({ datasetIndex, index })).filter(point => linkOf(chart, point))).filter(line => line.length);
    if (!points.length) return;   // nothing is counted, so it stays a picture
    let at = null;
    const shown = found => {
      chart.setActiveElements(found);
      chart.tooltip.setActiveElements(found, { x: 0, y: 0 });
      chart.update();
    };
    const say = () => {
      const { label } = datasets[at.datasetIndex];
      canvas.setAttribute('aria-valuenow', String(at.index + 1));
      canvas.setAttribute('aria-valuetext', `${labels[at.index]}, ${label}: ${linkOf(chart, at).textContent.trim()}`);
    };
    const first = () => points[0].at(-1);   // the newest
    const lineOf = point => points.findIndex(line => line[0].datasetIndex === point.datasetIndex);
    const along = step => {
      const line = points[lineOf(at)];
      return line[Math.min(line.length - 1, Math.max(0, line.indexOf(at) + step))];
    };
    const across = step => {
      const line = points[(lineOf(at) + step + points.length) % points.length];
      return line.reduce((best, point) => Math.abs(point.index - at.index) < Math.abs(best.index - at.index) ? point : best);
    };
    const ways = {
      ArrowLeft: () => along(-1), ArrowRight: () => along(1), ArrowUp: () => across(-1), ArrowDown: () => across(1), Home: () => points[lineOf(at)][0], End: () => points[lineOf(at)].at(-1),
    };
    at = first();
    canvas.tabIndex = 0;
    canvas.setAttribute('role', 'slider');
    canvas.setAttribute('aria-valuemin', '1');
    canvas.setAttribute('aria-valuemax', String(labels.length));
    canvas.setAttribute('aria-description', 'Arrow keys choose a point. Enter opens the visits behind it.');
    say();
    canvas.addEventListener('focus', () => canvas.matches(':focus-visible') && shown([at]));
    canvas.addEventListener('blur', () => shown([]));
    canvas.addEventListener('keydown', event => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === 'Enter') linkOf(chart, at).click();
      else if (ways[event.key]) {
        at = ways[event.key]();
        say();
        shown([at]);
      } else return;
      event.preventDefault();
    });
  }

  function options(data) {
    return {
      animation: false, responsive: true, maintainAspectRatio: false, interaction: { mode: 'nearest', intersect: false },
      scales: { y: { beginAtZero: true, grid: { color: '#dcdfd9' }, ticks: { color: '#4d5b60' } }, x: { grid: { display: false }, ticks: { color: '#4d5b60', maxRotation: 0, autoSkipPadding: 12 } } },
      plugins: { legend: { display: data.datasets.length > 1, position: 'bottom', labels: { usePointStyle: true, boxHeight: 6, color: '#1d2b2f' } } },
      onHover: (event, found) => event.native.target.classList.toggle('is-link', found.length > 0),
      onClick: (_, found, chart) => found[0] && linkOf(chart, found[0])?.click(),
    };
  }

  document.addEventListener('DOMContentLoaded', () => {
    if (window.Chart) document.querySelectorAll('canvas[data-chart]').forEach(draw);
  });
})();
