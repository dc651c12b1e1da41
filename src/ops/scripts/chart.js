// @ts-check
import { readChartData, readCounts } from './chart-data.js';
import { countText } from './format.js';

const HEIGHT = 260;
/** Served beside this file, and no module of the source. */
const LIBRARY = './uplot.js';

/**
 * Puts a chart that can be pointed at in the place of the drawing. The drawing's words and the table stay.
 *
 * @param {HTMLElement} figure
 */
export async function drawChart(figure) {
  const plot = figure.querySelector('.plot');
  if (!(plot instanceof HTMLElement)) return;
  const [{ default: Plot }] = await Promise.all([import(LIBRARY), loadStyle('./uplot.css')]);
  const data = readChartData(figure.dataset, readCounts());
  const drawing = [...plot.childNodes];
  const mark = plot.querySelector('.mark')?.cloneNode(true);
  const holder = document.createElement('div');
  holder.setAttribute('aria-hidden', 'true');

  let chart = draw();
  plot.classList.add('drawn');
  plot.replaceChildren(holder);

  function draw() {
    const width = plot instanceof HTMLElement ? plot.clientWidth : 600;
    const hooks = { draw: [(/** @type {any} */ drawn) => placeMark(drawn, mark, data.limit[0])] };
    return new Plot({ ...optionsOf(width), hooks }, rowsOf(data), holder);
  }

  function redraw() {
    chart.destroy();
    chart = draw();
  }

  new ResizeObserver(() => {
    const width = plot.clientWidth;
    if (width > 0 && width !== chart.width) chart.setSize({ width, height: HEIGHT });
  }).observe(plot);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  // Paper has no pointer, and a canvas keeps the colours of the screen.
  addEventListener('beforeprint', () => plot.replaceChildren(...drawing));
  addEventListener('afterprint', () => plot.replaceChildren(holder));
}

/**
 * Puts the mark of the drawing to its place in the chart.
 *
 * @param {any} chart @param {Node | undefined} mark @param {number | null | undefined} limit
 */
function placeMark(chart, mark, limit) {
  if (!(mark instanceof SVGElement)) return;
  const [x, y] = [chart.valToPos(Number(mark.dataset['day']), 'x'), chart.valToPos(limit, 'y')];
  const [circle, text] = mark.children;
  circle?.setAttribute('cx', x);
  circle?.setAttribute('cy', y);
  text?.setAttribute('x', x);
  text?.setAttribute('y', y);
  chart.over.append(mark);
}

/** @param {import('./chart-data.js').ChartData} data */
function rowsOf({ days, now, before, limit, low, mid, high }) {
  return [days, now, before, limit, high, low, mid];
}

/** @param {number} width */
function optionsOf(width) {
  const colour = colours();
  /** @param {unknown} _plot @param {number | null} value */
  const value = (_plot, value) => (value === null ? '–' : countText(value));
  const axis = {
    stroke: colour('--soft'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    ...{ width, height: HEIGHT },
    scales: {
      x: { time: false },
      y: {
        range: (/** @type {unknown} */ _plot, /** @type {number} */ _low, /** @type {number} */ high) => [
          0,
          high * 1.1,
        ],
      },
    },
    axes: [
      axis,
      {
        ...axis,
        size: 60,
        values: (/** @type {unknown} */ _plot, /** @type {number[]} */ ticks) =>
          ticks.map((tick) => countText(tick)),
      },
    ],
    bands: [{ series: [4, 5], fill: colour('--rest') }],
    series: [
      { label: 'Day' },
      { label: 'This month', stroke: colour('--accent'), width: 2.5, fill: colour('--accent-soft'), value },
      { label: 'Month before', stroke: colour('--soft'), width: 1.5, dash: [2, 3], value },
      {
        label: 'Budget',
        stroke: colour('--alarm-bar'),
        width: 2,
        dash: [8, 6],
        points: { show: false },
        value,
      },
      { label: 'At most', stroke: colour('--rest'), width: 1, points: { show: false }, value },
      { label: 'At least', stroke: colour('--rest'), width: 1, points: { show: false }, value },
      {
        label: 'Forecast',
        stroke: colour('--accent'),
        width: 2,
        dash: [3, 5],
        points: { show: false },
        value,
      },
    ],
  };
}

/** The colours of the page as they are now: a canvas cannot follow custom properties. */
function colours() {
  const probe = document.createElement('span');
  document.body.append(probe);
  setTimeout(() => probe.remove());
  return (/** @type {string} */ name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
}

/** @param {string} name beside this file */
function loadStyle(name) {
  return new Promise((resolve) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = new URL(name, import.meta.url).href;
    link.addEventListener('load', resolve);
    link.addEventListener('error', resolve);
    document.head.append(link);
  });
}
