import { createAwayCheck } from './store-away.js';

/** A write that was not answered may still take effect within this time, and never later. */
const LATE_MS = 15_000;

/**
 * After an operator was told that a freeze or a block holds, and until they asked for its end, no token is given against
 * it; and every write that was answered stands in the audit log exactly once.
 *
 * @param {import('./judge.js').Evidence} evidence
 * @returns {import('./judge.js').Finding}
 */
export function operatorsObeyed({ history, books }) {
  const { writes, tokens } = history;
  const violations = [];
  const freezes = certainSpans(
    writes.filter(({ write }) => write === 'freeze' || write === 'unfreeze'),
    'freeze',
  );
  const blocks = new Map(
    [...groupBlocks(writes)].map(([identity, list]) => [identity, certainSpans(list, 'block')]),
  );
  const isAway = createAwayCheck(history);
  const within = (spans, { sentMs, answeredMs }) =>
    spans.find(({ fromMs, untilMs }) => sentMs > fromMs && answeredMs < untilMs);
  // Without its store a gateway obeys what it was told itself; of the others' blocks it cannot know.
  const knows = ({ by }, token) =>
    !isAway(token) || (by.gateway === token.gateway && by.incarnation === token.incarnation);
  for (const token of tokens) {
    const { who, identity, first, outcome } = token;
    const from = `gateway ${token.gateway}.${token.incarnation} at ${new Date(token.sentMs).toISOString()}`;
    if (first && outcome === 'minted' && within(freezes, token) !== undefined) {
      violations.push(`${who} (${identity}) was admitted during a freeze by ${from}`);
    }
    const block = within(blocks.get(identity) ?? [], token);
    if (block !== undefined && knows(block, token)) {
      violations.push(`${who} (${identity}) is blocked, served by ${from}`);
    }
  }
  return { checked: writes.length, violations: [...violations, ...checkAudit(writes, books.audit)] };
}

function groupBlocks(writes) {
  const groups = new Map();
  for (const write of writes) {
    if (write.write !== 'block' && write.write !== 'unblock') continue;
    const { identity } = write.value;
    groups.set(identity, [...(groups.get(identity) ?? []), write]);
  }
  return groups;
}

/**
 * The stretches in which something certainly holds.
 *
 * @param {import('../run/history.js').SentWrite[]} writes about one thing, in order
 * @param {string} begins name of the write that begins it
 */
function certainSpans(writes, begins) {
  return writes.flatMap(({ write, outcome, sentMs, answeredMs, gateway, incarnation }, place) => {
    if (write !== begins || outcome !== 'done') return [];
    const doubtful = writes
      .slice(0, place)
      .some((other) => other.outcome === 'unknown' && other.sentMs + LATE_MS > sentMs);
    if (doubtful) return [];
    return [
      {
        by: { gateway, incarnation },
        fromMs: answeredMs,
        untilMs: writes[place + 1]?.sentMs ?? Number.POSITIVE_INFINITY,
      },
    ];
  });
}

function checkAudit(writes, audit) {
  const entries = new Map();
  for (const { requestId } of audit) entries.set(requestId, (entries.get(requestId) ?? 0) + 1);
  return writes
    .filter(({ outcome, requestId }) => outcome === 'done' && entries.get(requestId) !== 1)
    .map(
      ({ write, requestId }) =>
        `${write} ${requestId} stands in the audit log ${entries.get(requestId) ?? 0} times`,
    );
}
