// @ts-check
// Everything here is an extra: without scripts each page shows the same figures and takes the same forms.
import { bindKeys } from './keys.js';
import { offerLinks } from './links.js';
import { keepFresh } from './live.js';
import { tellLocalTimes } from './times.js';

bindKeys();
offerLinks();
tellLocalTimes();

const figures = document.getElementById('figures');
const freshness = document.getElementById('freshness');
if (figures?.dataset['events'] && freshness) keepFresh(figures, freshness);

const chart = document.getElementById('burn-up');
if (chart !== null) {
  // The chart library is half of all script here, and few look at the chart in the first second.
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    import('./chart.js').then(({ drawChart }) => drawChart(chart)).catch(() => {});
  });
  seen.observe(chart);
}
