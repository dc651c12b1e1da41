import { expect } from '@jest/globals';
import fc from 'fast-check';
import { type Month, monthEndSeconds, monthOf, monthStartSeconds } from '../../../src/domain/month.ts';
import { EVIDENCE_SOURCES, SIGNALS } from '../../../src/domain/signal.ts';
import { planTokenLife } from '../../../src/domain/token-life.ts';
import type { Budget, Raise } from '../../../src/ledger/budget.ts';
import type { ConversationMark } from '../../../src/ledger/conversations.ts';
import type { AdmitRequest, Evidence } from '../../../src/ledger/ledger.ts';
import type { ReplayedMint } from '../../../src/ledger/replay.ts';
import type { Change } from '../../../src/ledger/steering.ts';
import { conversationSid, identityOf, monthNamed, raiseOf, seconds } from './builders.ts';
import type { LedgerCase } from './ledger-case.ts';
import type { ModelLedger } from './model-ledger.ts';

export const MONTHS = ['2026-10', '2026-11', '2026-12', '2027-01'].map(monthNamed);
export const PEOPLE = ['ann', 'bob', 'cleo', 'dan', 'eve', 'fay'].map(identityOf);
const MIDNIGHT = seconds('2026-12-01T00:00:00Z') * 1000;

const person = fc.constantFrom(...PEOPLE);
const someMonth = fc.constantFrom(...MONTHS.slice(0, 3));

/** Mostly around the end of November, to the millisecond; else on some day of three months. */
export const instant = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -400_000, max: 20_000 }).map((offset) => MIDNIGHT + offset) },
  { weight: 2, arbitrary: fc.integer({ min: -3, max: 3 }).map((hours) => MIDNIGHT + hours * 3_600_000) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: -58, max: 30 }).map((days) => MIDNIGHT + days * 86_400_000 + 5_000),
  },
);

type Admission = Omit<AdmitRequest, 'service'>;

export const admission: fc.Arbitrary<Admission> = fc.record({
  identity: person,
  className: fc.constantFrom('member', 'guest'),
  tenant: fc.constantFrom(null, 'acme', 'zen'),
  intent: fc.constantFrom('open_chat', 'refresh'),
  rule: fc.constant('some-rule'),
  life: fc
    .tuple(instant, fc.constantFrom(300, 301, 3_600, 86_400), fc.nat(55))
    .map(([at, ttl, spread]) => planTokenLife(at, ttl, spread)),
  policyMark: fc.constantFrom(1, 2),
  knownOnly: oneIn(6),
  needsReason: oneIn(6),
  hidden: fc.boolean(),
});

/** Few conversations and low indexes, so that marks meet. */
export function createMark(
  identity: fc.Arbitrary<Evidence['identity']>,
  at: fc.Arbitrary<number>,
): fc.Arbitrary<ConversationMark> {
  const about = { conversation: fc.nat(3).map(conversationSid), at };
  const index = fc.nat(12);
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('message'), ...about, index, author: fc.option(identity) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('member'), ...about, identity, lastRead: fc.option(index) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('left'), ...about, identity }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('removed'), ...about }) },
  );
}

/** Of one instant: which newcomer of a batch reaches a threshold is the store's own affair. */
const evidence: fc.Arbitrary<Evidence[]> = instant.chain((at) =>
  fc.array(
    fc.record({
      identity: person,
      signal: fc.constantFrom(...SIGNALS),
      at: fc.constant(at),
      source: fc.constantFrom(...EVIDENCE_SOURCES),
      className: fc.constantFrom('address', 'unknown', 'member'),
    }),
    { maxLength: 4 },
  ),
);

export interface AnyBudgetOptions {
  /** The most places of a limit or a reserve. */
  places: number;
  thresholds: fc.Arbitrary<number[]>;
  guard: { factor: fc.Arbitrary<number>; minimum: fc.Arbitrary<number> };
}

/** A budget of few people, in which any part may be missing. */
export function anyBudget({ places: most, thresholds, guard }: AnyBudgetOptions): fc.Arbitrary<Budget> {
  const places = fc.option(fc.nat(most), { nil: undefined });
  const rank = fc.nat(2);
  return fc.record({
    mode: fc.constantFrom('block', 'block', 'warn', 'off'),
    scopes: fc
      .record({ all: places, 'class:guest': places, 'tenant:acme': places, 'tenant:*': places })
      .map(withoutUndefined),
    reserve: fc.record({ member: places, guest: places }).map(withoutUndefined),
    priorities: fc.record({ member: rank, guest: rank }),
    thresholds,
    spikeGuard: fc.option(fc.record({ ...guard, mode: fc.constantFrom('warn', 'block') })),
  });
}

export const budget = anyBudget({
  places: 5,
  thresholds: fc.constantFrom([], [100], [50, 80, 100], [1, 34, 67, 99]),
  guard: { factor: fc.constantFrom(1.5, 3), minimum: fc.nat(3) },
});

const raise: fc.Arbitrary<Raise> = fc
  .record({
    id: fc.constantFrom('r1', 'r2', 'r3'),
    month: someMonth,
    scope: fc.constantFrom('all', 'class:guest', 'tenant:acme', 'tenant:zen'),
    identities: fc.integer({ min: 1, max: 3 }),
    until: instant,
  })
  .map(({ until, ...rest }) => {
    const [starts, ends] = [monthStartSeconds(rest.month), monthEndSeconds(rest.month)];
    const expiresAt = Math.min(Math.max(Math.floor(until / 1000), starts + 1), ends);
    return { ...raiseOf(rest.id, { until: '2026-11-30T00:00:00Z' }), ...rest, expiresAt };
  });

export type Operation =
  | { kind: 'admit'; admission: Admission }
  | { kind: 'record'; evidence: Evidence[] }
  | { kind: 'mark'; mark: ConversationMark }
  | { kind: 'replay'; mint: ReplayedMint }
  | { kind: 'count-refusal'; code: string; at: number }
  | { kind: 'count-shadow'; rule: string; at: number }
  | { kind: 'count-beacons'; beacons: number; at: number }
  | { kind: 'configure'; month: Month; budget: Budget | null }
  | { kind: 'adopt'; guest: Admission['identity']; member: Admission['identity']; at: number }
  | { kind: 'change'; change: Change; at: number };

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('budget'), month: someMonth, budget }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('raise'), raise }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end-raise'), id: fc.constantFrom('r1', 'r2') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('freeze'),
      month: someMonth,
      since: fc.constantFrom(null, null, '2026-11-30T12:00:00Z'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('block'), identity: person, blocked: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('link'),
      links: fc.array(fc.record({ own: person, effective: person }), { minLength: 1, maxLength: 2 }),
    }),
  },
);

/** Of two journals, whose numbers are given when it comes, or from memory. */
const mint: fc.Arbitrary<ReplayedMint> = fc
  .tuple(admission, fc.nat(7_200), fc.option(fc.constantFrom('one', 'two')))
  .map(([{ identity, className, tenant, intent, rule, life }, earlier, id]) => {
    const { issuedAt, expiresAt, otherMonth, month } = life;
    const firstSeen = Math.max(issuedAt - earlier, monthStartSeconds(month));
    return {
      ...{ identity, own: identity, className, tenant, intent, rule, firstSeen, issuedAt, expiresAt },
      ...{ otherMonth, journal: id === null ? null : { id, number: 0 } },
    };
  });

export const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 18, arbitrary: fc.record({ kind: fc.constant('admit'), admission }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('record'), evidence }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('replay'), mint }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('mark'), mark: createMark(person, instant) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('count-refusal'), code: fc.constant('forbidden'), at: instant }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('count-shadow'), rule: fc.constant('some-rule'), at: instant }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('count-beacons'),
      beacons: fc.integer({ min: 1, max: 3 }),
      at: instant,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('configure'), month: someMonth, budget: fc.option(budget) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('adopt'), guest: person, member: person, at: instant }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('change'), change, at: instant }) },
);

/** Does one operation to both and compares what they answer. */
export async function perform(c: LedgerCase, model: ModelLedger, one: Operation): Promise<void> {
  const { ledger, service } = c;
  switch (one.kind) {
    case 'admit': {
      const request = { ...one.admission, service };
      const preview = await ledger.preview(request);
      const answer = await ledger.admit(request);
      const expected = model.admit(request);
      expect(answer).toMatchObject(expected);
      if ('identity' in expected) expect(preview.identity).toBe(expected.identity);
      return;
    }
    case 'record':
      model.record(one.evidence);
      return ledger.record(service, one.evidence);
    case 'replay': {
      // Every operation is one more, so that the numbers of a journal rise.
      model.replays += 1;
      const journal = one.mint.journal && { ...one.mint.journal, number: model.replays };
      await c.ledger.replay(c.service, [{ ...one.mint, journal }]);
      model.replay({ ...one.mint, journal });
      return;
    }
    case 'mark':
      model.conversations.mark([one.mark]);
      return ledger.record(service, [], [one.mark]);
    case 'count-refusal':
      model.countRefusal(one.code, one.at);
      return ledger.countRefusal(service, one.code, one.at);
    case 'count-shadow':
      model.shadows.push({ rule: one.rule, month: monthOf(one.at) });
      return ledger.countShadow(service, one.rule, one.at);
    case 'count-beacons':
      model.countBeacons(one.beacons, one.at);
      return ledger.countBeacons(service, one.beacons, one.at);
    case 'configure':
      // What a gateway is configured with holds from the month that is, and months do not go back.
      if ([...model.limits.configured.keys()].some((month) => month > one.month)) return;
      model.limits.configured.set(one.month, one.budget);
      return ledger.configureBudget(service, one.month, one.budget);
    case 'adopt': {
      if (one.guest === one.member) return;
      expect(await ledger.adopt(service, one)).toEqual(model.bonds.adopt(one));
      return;
    }
    case 'change': {
      // The id of a raise is new; ones of the same instant are in no order.
      const made = numberRaise(one.change, model.changes);
      if (made.kind === 'raise' && model.limits.raises.some(({ id }) => id === made.raise.id)) return;
      model.change(made, one.at);
      const at = new Date(one.at).toISOString();
      expect(await c.change(made, { at })).toEqual({ outcome: 'done' });
      return;
    }
    default:
      one satisfies never;
  }
}

function numberRaise(change: Change, number: number): Change {
  if (change.kind !== 'raise') return change;
  return { ...change, raise: { ...change.raise, createdAt: change.raise.createdAt + number } };
}

function oneIn(count: number): fc.Arbitrary<boolean> {
  return fc.nat(count - 1).map((n) => n === 0);
}

function withoutUndefined<Value>(values: Record<string, Value | undefined>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, Value] => entry[1] !== undefined),
  );
}
