/**
 * Writes down evidence before it is sent: even without an answer it may be counted.
 *
 * @param {import('../run/world.js').World} world
 * @param {{ identity: string, signals: string[], atMs: number }} proof
 */
export function noteEvidence({ history, clock }, { identity, signals, atMs }) {
  const evidence = {
    identity,
    signals,
    atMs,
    acknowledged: false,
    sentMs: clock.now(),
    answeredMs: 0,
    gateway: -1,
    incarnation: 0,
    outlived: false,
    inLedgerMs: Number.POSITIVE_INFINITY,
  };
  history.evidence.push(evidence);
  return {
    /**
     * @param {string} kind of request
     * @param {import('../run/ask.js').Answer} answer
     * @param {number} expected the status that acknowledges it
     */
    settle(kind, { status, body, answeredMs, gateway, incarnation }, expected) {
      history.countAnswer(kind, status === 0 ? 'no answer' : (body?.code ?? String(status)));
      if (status !== expected) return;
      Object.assign(evidence, { acknowledged: true, answeredMs, gateway, incarnation });
    },
  };
}
