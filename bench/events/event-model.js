/** Bits of the ledger's mask, spelled again here: the model must not share the ledger's mistakes. */
const BITS = { connected: 2, messaged: 4, joined: 8, read: 16, created: 64 };
const SIGNAL_OF = { user: 'created', join: 'joined', ask: 'messaged', answer: 'messaged', read: 'read' };
const ALL_BITS = Object.values(BITS).reduce((sum, bit) => sum | bit, 0);

/**
 * What the ledger must hold after events that were acknowledged, and what it may hold at most: an event that was refused
 * or timed out may have been counted all the same.
 *
 * @param {readonly import('./event-mix.js').ChatEvent[]} events
 * @param {(n: number) => boolean} isAccepted
 */
export function modelLedger(events, isAccepted) {
  const [must, may] = [new Map(), new Map()];
  const conversations = { must: new Set(), may: new Set() };
  const customers = new Map();
  for (const [n, { customer, step, actor, conversation }] of events.entries()) {
    const mask = BITS.connected | BITS[SIGNAL_OF[step]];
    may.set(actor, (may.get(actor) ?? 0) | mask);
    const isMessage = step === 'ask' || step === 'answer';
    if (isMessage) conversations.may.add(conversation);
    if (!isAccepted(n)) continue;
    must.set(actor, (must.get(actor) ?? 0) | mask);
    if (isMessage) conversations.must.add(conversation);
    const done = customers.get(customer) ?? { actor: null, conversation, steps: new Set() };
    done.steps.add(step);
    if (step !== 'answer') done.actor = actor;
    customers.set(customer, done);
  }
  return { must, may, conversations, unread: unreadOf(customers) };
}

/** Those of whom every event was acknowledged: the answer waits for them and nothing else. */
function unreadOf(customers) {
  return [...customers.values()]
    .filter(({ steps }) => ['join', 'ask', 'answer', 'read'].every((step) => steps.has(step)))
    .map(({ actor, conversation }) => ({ identity: actor, sid: conversation, unread: 1 }));
}

/**
 * Holds a ledger against the model, person by person.
 *
 * @param {ReturnType<typeof modelLedger>} model
 * @param {AsyncIterable<{ identity: string, mask: number }>} people of the ledger
 */
export async function countDifferences({ must, may }, people) {
  const found = new Map();
  for await (const { identity, mask } of people) found.set(identity, mask & ALL_BITS);
  const lost = [...must].filter(([identity, mask]) => ((found.get(identity) ?? 0) & mask) !== mask).length;
  const invented = [...found].filter(([identity, mask]) => (mask & ~(may.get(identity) ?? 0)) !== 0).length;
  return { identities: found.size, lost, invented };
}
