const SAMPLES_MAX = 5;

/**
 * What people were answered in a race.
 *
 * @typedef {object} Tally
 * @property {Record<string, number>} answers by outcome of a token, or code of a refusal
 * @property {number} served people who got a token
 * @property {string[]} identities of those who got one, each once
 * @property {number} doubled people whose identity changed, or who share one with somebody else
 * @property {number} countedRefused refusals of somebody who had got a token before
 * @property {Record<string, number>} refusedBy refusals by the limit that they name
 * @property {number} mistaken refusals whose numbers are not those of a limit that is reached
 * @property {string[]} samples of what should not have come
 */

/** @param {[scope: string, limit: number][]} scopes limits that a refusal may name */
export function createTally(scopes) {
  const limits = new Map(scopes);
  /** @type {Map<number, string>} */
  const identityOf = new Map();
  /** @type {Map<string, number>} */
  const holderOf = new Map();
  /** People with an identity, for drawing one of them. */
  const counted = [];
  const answers = {};
  const refusedBy = {};
  const samples = [];
  let doubled = 0;
  let countedRefused = 0;
  let mistaken = 0;

  function note(n, { status, body }) {
    if (samples.length < SAMPLES_MAX) samples.push(`person ${n}: ${status} ${JSON.stringify(body)}`);
  }

  function addServed(n, answer) {
    const { identity } = answer.body;
    if (!identityOf.has(n)) counted.push(n);
    const isSame = (identityOf.get(n) ?? identity) === identity && (holderOf.get(identity) ?? n) === n;
    if (!isSame) {
      doubled += 1;
      note(n, answer);
    }
    identityOf.set(n, identity);
    holderOf.set(identity, n);
  }

  function addExhausted(n, answer) {
    const { budget, limit, used, reserved = 0 } = answer.body;
    increment(refusedBy, budget);
    const isRight = limits.get(budget) === limit && used + reserved >= limit && used <= limit;
    if (isRight) return;
    mistaken += 1;
    note(n, answer);
  }

  return {
    counted,
    /** Whether this person has got a token so far. */
    isCounted: (n) => identityOf.has(n),
    /**
     * @param {number} n
     * @param {import('./asker.js').Answer} answer
     * @param {boolean} wasCounted whether the person had got a token before they asked
     */
    add(n, answer, wasCounted) {
      const { status, body } = answer;
      increment(answers, status === 200 ? body.outcome : (body.code ?? `status ${status}`));
      if (status === 200) return addServed(n, answer);
      if (wasCounted) {
        countedRefused += 1;
        note(n, answer);
      } else if (body.code === 'mau-budget-exhausted') addExhausted(n, answer);
      else note(n, answer);
    },
    /** @returns {Tally} */
    result: () => ({
      ...{ answers, refusedBy, doubled, countedRefused, mistaken, samples },
      served: identityOf.size,
      identities: [...holderOf.keys()],
    }),
  };
}

function increment(counts, name) {
  counts[name] = (counts[name] ?? 0) + 1;
}
