const startedAt = performance.now();

/**
 * Says on standard error what is going on; standard output is for the figures.
 *
 * @param {string} words
 */
export function say(words) {
  const seconds = (performance.now() - startedAt) / 1000;
  process.stderr.write(`${seconds.toFixed(1).padStart(6)} s  ${words}\n`);
}
