/**
 * How far two kinds of calls can be told apart by the time that they take.
 *
 * @typedef {object} Comparison
 * @property {number} effect Cliff's delta: −1 to 1; 0 when no kind is the slower one more often. Some 0.15 is small
 * @property {number} differenceNs of the medians; above 0 when the first kind is slower
 */

/**
 * Takes turns in random order, so that whatever slows the machine slows both.
 *
 * @param {object} options
 * @param {() => unknown} options.first may be asynchronous
 * @param {() => unknown} options.second likewise
 * @param {number} options.batches of each
 * @param {number} options.calls in a batch
 * @param {import('./random.js').Random} options.random
 * @returns {Promise<Comparison>}
 */
export async function compareTimes({ first, second, batches, calls, random }) {
  const kinds = [
    { call: first, times: [] },
    { call: second, times: [] },
  ];
  for (const { call } of kinds) await run(call, calls * Math.ceil(batches / 10));
  while (kinds.some(({ times }) => times.length < batches)) {
    const kind = random.pick(kinds.filter(({ times }) => times.length < batches));
    kind.times.push(await run(kind.call, calls));
  }
  const [one, other] = kinds.map(({ times }) => times);
  const differenceNs = Math.round(median(one) - median(other));
  return { effect: Math.round(cliffsDelta(one, other) * 1000) / 1000, differenceNs };
}

/** Nanoseconds a call. */
async function run(call, calls) {
  const startedAt = process.hrtime.bigint();
  for (let done = 0; done < calls; done++) {
    const answer = call();
    // An await costs more than most of what is measured.
    if (answer instanceof Promise) await answer;
  }
  return Number(process.hrtime.bigint() - startedAt) / calls;
}

function median(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** By ranks, in n log n. Equal times count for neither. */
function cliffsDelta(one, other) {
  const sorted = [...other].sort((a, b) => a - b);
  let sum = 0;
  for (const time of one)
    sum += countBelow(sorted, time, false) - (sorted.length - countBelow(sorted, time, true));
  return sum / (one.length * other.length);
}

/** How many are below a time, or at most that. */
function countBelow(sorted, time, orEqual) {
  let [from, until] = [0, sorted.length];
  while (from < until) {
    const middle = (from + until) >> 1;
    if (sorted[middle] < time || (orEqual && sorted[middle] === time)) from = middle + 1;
    else until = middle;
  }
  return from;
}
