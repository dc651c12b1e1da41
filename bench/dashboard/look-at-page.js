/**
 * What a browser says of one look at a page.
 *
 * @typedef {object} Look
 * @property {number} paintMs first contentful paint, from when the navigation began
 * @property {number} answerMs until the last byte of the HTML was there
 * @property {number} htmlBytes as it was sent
 */

/**
 * Opens a page and waits for its first paint, as the browser's own clock has it.
 *
 * @param {import('playwright-core').Page} page
 * @param {{ address: string, says: string }} look `says`: what the page must hold, so that no error page is measured
 * @returns {Promise<Look>}
 */
export async function lookAtPage(page, { address, says }) {
  const answer = await page.goto(address, { waitUntil: 'load' });
  if (answer?.status() !== 200) throw new Error(`${address} answered ${answer?.status()}`);
  const { html, ...times } = await page.evaluate(async () => {
    const paint = await new Promise((resolve) => {
      new PerformanceObserver((list, observer) => {
        const [entry] = list.getEntriesByName('first-contentful-paint');
        if (entry === undefined) return;
        observer.disconnect();
        resolve(entry.startTime);
      }).observe({ type: 'paint', buffered: true });
    });
    const [navigation] = performance.getEntriesByType('navigation');
    return {
      paintMs: paint,
      answerMs: navigation.responseEnd,
      htmlBytes: navigation.decodedBodySize,
      html: document.body.innerText,
    };
  });
  if (!html.includes(says)) throw new Error(`${address} does not say “${says}”`);
  return times;
}
