const MEBIBYTE = 2 ** 20;
const GROWTH_BYTES_MAX = 2 * MEBIBYTE;
/** Connections come and go; a leak adds up. */
const HANDLES_MORE_MAX = 20;

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
  if (late.handles - early.handles > HANDLES_MORE_MAX) {
    violations.push(`${early.handles} handles in minute ${early.minute}, ${late.handles} in ${late.minute}`);
  }
  for (const [kind, byAnswer] of Object.entries(answers)) {
    for (const [answer, times] of Object.entries(byAnswer)) {
      if (isFault(answer)) violations.push(`${kind} answered "${answer}" ${times} times`);
    }
  }
  if (streams.refused > 0) violations.push(`${streams.refused} event streams were refused`);
  return violations;
}

/** The ends of the stretch over which nothing may grow: minutes 10 and 30 of 30. */
export function comparedSamples(samples) {
  return [samples[Math.ceil(samples.length / 3) - 1], samples.at(-1)];
}

/** Nothing fails here, so nothing is unavailable. */
function isFault(answer) {
  return answer === 'no answer' || answer.endsWith('-unavailable') || /^(status )?5\d\d$/.test(answer);
}
