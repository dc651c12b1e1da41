const WRITES = { budget: 4, raise: 3, 'end-raise': 1, freeze: 1, block: 2 };

/** How long a freeze or a block lasts, ms. */
const HOLDS_MS = { min: 300, max: 4_000 };

/**
 * What an operator does, and what they undo again a moment later.
 *
 * @param {import('../random.js').Random} random
 * @param {{ atMs: number, lengthMs: number, people: { regulars: number } }} options
 * @returns {import('./draw-schedule.js').Event[]}
 */
export function drawWrite(random, { atMs, lengthMs, people }) {
  const write = random.weighted(WRITES);
  const event = { atMs, kind: 'write', write, gateway: null };
  const undoneAtMs = Math.min(lengthMs - 1, atMs + random.whole(HOLDS_MS.min, HOLDS_MS.max));
  switch (write) {
    case 'budget':
      return [{ ...event, budget: drawBudget(random) }];
    case 'raise': {
      const budget = random.weighted({ all: 4, 'class:guest': 1, 'tenant:acme': 1 });
      const raise = { budget, identities: random.whole(5, 60), minutes: random.whole(1, 2_000) };
      return [{ ...event, raise }];
    }
    case 'end-raise':
      return [{ ...event, which: random.fraction() }];
    case 'freeze':
      return [event, { ...event, write: 'unfreeze', atMs: undoneAtMs }];
    default: {
      const person = random.whole(0, people.regulars - 1);
      return [
        { ...event, person },
        { ...event, person, write: 'unblock', atMs: undoneAtMs },
      ];
    }
  }
}

function drawBudget(random) {
  return {
    limit: random.whole(100, 500),
    mode: random.weighted({ block: 12, warn: 1 }),
    classes: random.chance(0.6) ? { guest: random.whole(5, 80) } : {},
    tenants: random.chance(0.6) ? { acme: random.whole(20, 150) } : {},
    reserve: random.chance(0.3) ? { agent: random.whole(1, 10) } : {},
  };
}
