// Only Redis can come back with less than it had: the embedded ledger is one file of one process, and synced.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Admitted } from '../../../src/ledger/ledger.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { GatewayCase, isRefusedByBudget } from './gateway-case.ts';
import { OlderRedis } from './older-redis.ts';

const MONTH = '2026-11';
const LIMIT = 12;
const PEOPLE = 20;
/** Each has a Redis of its own, which is ended and started. */
const RUNS = 4;
const TIMEOUT_MS = 150_000;

/** Somebody asks one of the gateways, or Redis writes its snapshot. */
const step = fc.oneof(
  { weight: 9, arbitrary: fc.record({ gateway: fc.nat(1), person: fc.nat(PEOPLE - 1) }) },
  { weight: 1, arbitrary: fc.constant('snapshot' as const) },
);
const losses = fc.constantFrom('older', 'emptied');
/** Of the gateways, the one that is cut off at the loss, and for a while after it. */
const cutOff = fc.constantFrom(null, 0, 1);
const CUT_OFF_MS = 400;
/** No newcomer waits for the fixed times. */
const OPTIONS = { watchTimes: { lookMs: 100, settleMs: 60_000, otherServerMs: 60_000 } };
const at = (minute: number) =>
  `2026-11-20T${String(9 + Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00Z`;

test(
  'whatever came before a loss: nobody who was counted is refused, nobody enters above the limit, no token is given twice',
  async () => {
    const property = fc.asyncProperty(
      ...[fc.array(step, { minLength: 10, maxLength: 60 }), losses, cutOff, holdsAfter],
    );
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
  },
  TIMEOUT_MS,
);

async function holdsAfter(
  steps: readonly ('snapshot' | { gateway: number; person: number })[],
  loss: 'older' | 'emptied',
  late: number | null,
): Promise<void> {
  const redis = await OlderRedis.start();
  const port = Number(new URL(redis.url).port);
  const ways = [await startTcpProxy(port), await startTcpProxy(port)];
  const [first, second] = ways.map(
    (way) => ({ kind: 'single', url: `redis://127.0.0.1:${way.port}` }) as const,
  );
  const one = await GatewayCase.open(first!, undefined, OPTIONS);
  const two = await GatewayCase.open(second!, one, OPTIONS);
  const gateways = [one, two];
  try {
    for (const gateway of gateways) await gateway.budget(MONTH, { scopes: { all: LIMIT } });
    // Whom nobody has seen nobody waits for.
    await one.looked();
    const counted = new Set<string>();
    const tokens: string[] = [];
    for (const [minute, taken] of steps.entries()) {
      if (taken === 'snapshot') {
        await redis.snapshot();
        continue;
      }
      const person = `person-${taken.person}`;
      const answer = await gateways[taken.gateway]!.admit(person, at(minute));
      if (answer.outcome === 'refused') continue;
      counted.add(person);
      if (answer.outcome !== 'reuse') tokens.push(tokenOf(answer));
    }
    if (late !== null) ways[late]!.swallow();
    if (loss === 'older') await redis.goBack();
    else await redis.empty();
    if (late !== null) setTimeout(() => ways[late]!.passOn(), CUT_OFF_MS);

    const everybody = Array.from({ length: PEOPLE }, (_, number) => `person-${number}`);
    const answers = await Promise.all(
      everybody.map((person, place) => gateways[place % 2]!.ask(person, at(180))),
    );
    for (const [place, answer] of answers.entries()) {
      if (counted.has(everybody[place]!)) expect(isRefusedByBudget(answer)).toBe(false);
      if (answer.outcome === 'known' || answer.outcome === 'new') tokens.push(tokenOf(answer));
    }
    expect(new Set(tokens).size).toBe(tokens.length);

    const totals = await one.totals(MONTH);
    const people = await two.people(MONTH);
    expect(people.map(({ identity }) => String(identity))).toEqual(expect.arrayContaining([...counted]));
    expect(people).toHaveLength(LIMIT);
    expect(totals.all).toBe(LIMIT);
    expect(totals.masks.reduce((sum, { identities }) => sum + identities, 0)).toBe(LIMIT);
    expect(totals.minted).toBeGreaterThanOrEqual(tokens.length);
  } finally {
    await Promise.all(gateways.map(({ ledger }) => ledger.close()));
    await Promise.all(ways.map((way) => way.stop()));
    await redis.stop();
  }
}

/** What tells a token from all others of a key. */
function tokenOf({ issuedAt, ordinal }: Admitted): string {
  return `${issuedAt}-${ordinal}`;
}
