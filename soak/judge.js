const MEBIBYTE = 2 ** 20;
const GROWTH_BYTES_MAX = 2 * MEBIBYTE;
/** Connections come and go, and more of them when the machine is busy; a leak is there in every minute. */
const HANDLES_MORE_MAX = 20;
const HANDLES_MINUTES = 5;

/**
 * Everything that should not be after so long; empty when all is well. The first third is left out: what is remembered
 * of people fills up then.
 *
 * @param {import('./run-soak.js').Soak} soak
 * @returns {string[]}
 */
export function judgeSoak({ samples, answers, streams }) {
  const violations = [];
  const [early, late] = comparedSamples(samples);
  const growth = late.heapUsed - early.heapUsed;
  if (growth >= GROWTH_BYTES_MAX) {
    violations.push(
      `the heap grew by ${(growth / MEBIBYTE).toFixed(1)} MiB from minute ${early.minute} to ${late.minute}`,
    );
  }
  const [few, many] = [early, late].map((sample) => fewestHandles(samples, sample));
  if (many - few > HANDLES_MORE_MAX) {
    violations.push(
      `at least ${few} handles in the minutes up to ${early.minute}, at least ${many} in those up to ${late.minute}`,
    );
  }
  for (const [kind, byAnswer] of Object.entries(answers)) {
    for (const [answer, times] of Object.entries(byAnswer)) {
      if (isFault(answer)) violations.push(`${kind} answered "${answer}" ${times} times`);
    }
  }
  if (streams.refused > 0) violations.push(`${streams.refused} event streams were refused`);
  return violations;
}

/** Of a sample and those just before it. */
function fewestHandles(samples, last) {
  const end = samples.indexOf(last) + 1;
  return Math.min(...samples.slice(Math.max(0, end - HANDLES_MINUTES), end).map(({ handles }) => handles));
}

/** The ends of the stretch over which nothing may grow: minutes 10 and 30 of 30. */
export function comparedSamples(samples) {
  return [samples[Math.ceil(samples.length / 3) - 1], samples.at(-1)];
}

/** Nothing fails here, so nothing is unavailable. */
function isFault(answer) {
  return answer === 'no answer' || answer.endsWith('-unavailable') || /^(status )?5\d\d$/.test(answer);
}
