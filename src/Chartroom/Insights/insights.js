// Charts of the insights page, drawn from its table: what a screen reader reads is what is drawn. A point opens the visits behind it.
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
    new Chart(canvas, { type: isOverTime ? 'line' : 'bar', data, options: options(data) });
  }

  function options(data) {
    return {
      animation: false, responsive: true, maintainAspectRatio: false, interaction: { mode: 'nearest', intersect: false },
      scales: { y: { beginAtZero: true, grid: { color: '#dcdfd9' }, ticks: { color: '#4d5b60' } }, x: { grid: { display: false }, ticks: { color: '#4d5b60', maxRotation: 0, autoSkipPadding: 12 } } },
      plugins: { legend: { display: data.datasets.length > 1, position: 'bottom', labels: { usePointStyle: true, boxHeight: 6, color: '#1d2b2f' } } },
      onHover: (event, found) => event.native.target.classList.toggle('is-link', found.length > 0),
      onClick: (_, found) => {
        const link = found[0] && data.datasets[found[0].datasetIndex].cells[found[0].index]?.querySelector('a');
        if (link) link.click();
      },
    };
  }

  document.addEventListener('DOMContentLoaded', () => {
    if (window.Chart) document.querySelectorAll('canvas[data-chart]').forEach(draw);
  });
})();
