/** Everything that may be answered to a request of a kind, besides that a killed gateway gives no answer. */
const ALWAYS = ['no answer', 'ledger-unavailable'];
const TOKENS = ['minted', 'reused', 'mau-budget-exhausted', 'new-identities-frozen', 'identity-blocked'];
const ANSWERS = {
  token: [...TOKENS, 'lazy-connect-required'],
  // A guest whose link was not answered may be one no more.
  'guest-token': [...TOKENS, 'unauthenticated'],
  guest: ['created', 'confirmed'],
  link: ['adopted', 'already-linked', 'kept-separate', 'identity-blocked', 'unauthenticated'],
  webhook: ['200'],
  // Somebody's last token may be long over, and regulars tell more than is listened to.
  beacon: ['204', 'unauthenticated', 'rate-limited'],
  read: ['200'],
  'operator: budget': ['done', 'precondition-failed'],
  'operator: raise': ['done', 'invalid-request', 'conflict'],
  'operator: end-raise': ['done', 'not-found'],
};

/** A gateway whose store is away when it starts says so and ends; an orchestrator starts it again. */
const STORE_AWAY_AT_START = 2;

/**
 * No request is answered in a way that is a defect, and no gateway ends by itself.
 *
 * @param {import('./judge.js').Evidence} evidence
 * @returns {import('./judge.js').Finding}
 */
export function noSurprises({ history: { answers, notes } }) {
  const violations = [];
  let checked = 0;
  for (const [kind, byAnswer] of Object.entries(answers)) {
    for (const [answer, times] of Object.entries(byAnswer)) {
      checked += times;
      const expected = [...ALWAYS, ...(ANSWERS[kind] ?? ['done'])];
      if (!expected.includes(answer)) violations.push(`${kind} answered "${answer}" ${times} times`);
    }
  }
  for (const { what, gateway, code, signal, said, error } of notes) {
    if (what === 'gateway-lost') violations.push(`gateway ${gateway} cannot be started: ${error}`);
    if (what !== 'gateway-ended' || code === STORE_AWAY_AT_START) continue;
    violations.push(`gateway ${gateway} ended by itself (${code ?? signal}): ${said.join(' | ')}`);
  }
  return { checked, violations };
}
