import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EVIDENCE_SOURCES, SIGNALS } from '../../../src/domain/signal.ts';
import { planTokenLife } from '../../../src/domain/token-life.ts';
import type { AdmitRequest, Budget, Evidence } from '../../../src/ledger/ledger.ts';
import { type ContractStore, identityOf, LedgerCase, monthNamed, seconds } from './ledger-case.ts';
import { ModelLedger } from './model-ledger.ts';
import { modelDays, modelMints, modelPeople, modelTotals, recount, sortMasks } from './model-reports.ts';

const MONTHS = ['2026-10', '2026-11', '2026-12', '2027-01'].map(monthNamed);
const MIDNIGHT = seconds('2026-12-01T00:00:00Z') * 1000;

const person = fc.constantFrom(...['ann', 'bob', 'cleo', 'dan', 'eve', 'fay'].map(identityOf));
const className = fc.constantFrom('member', 'guest');
const someMonth = fc.constantFrom(...MONTHS.slice(0, 3));

/** Mostly around the end of November, to the millisecond; else on some day of three months. */
const instant = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -400_000, max: 20_000 }).map((offset) => MIDNIGHT + offset) },
  { weight: 2, arbitrary: fc.integer({ min: -3, max: 3 }).map((hours) => MIDNIGHT + hours * 3_600_000) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: -58, max: 30 }).map((days) => MIDNIGHT + days * 86_400_000 + 5_000),
  },
);

type Admission = Omit<AdmitRequest, 'service'>;

const admission: fc.Arbitrary<Admission> = fc.record({
  identity: person,
  className,
  tenant: fc.constantFrom(null, 'acme', 'zen'),
  intent: fc.constantFrom('open_chat', 'refresh'),
  rule: fc.constant('some-rule'),
  life: fc
    .tuple(instant, fc.constantFrom(300, 301, 3_600, 86_400), fc.nat(55))
    .map(([at, ttl, spread]) => planTokenLife(at, ttl, spread)),
  policyMark: fc.constantFrom(1, 2),
  knownOnly: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  hidden: fc.boolean(),
});

const piece: fc.Arbitrary<Evidence> = fc.record({
  identity: person,
  signal: fc.constantFrom(...SIGNALS),
  at: instant,
  source: fc.constantFrom(...EVIDENCE_SOURCES),
  className: fc.constantFrom('address', 'unknown', 'member'),
});

const limit = fc.option(fc.nat(5), { nil: undefined });
const budget: fc.Arbitrary<Budget | null> = fc.option(
  fc.record({
    mode: fc.constantFrom('block', 'block', 'warn', 'off'),
    scopes: fc
      .record({ all: limit, 'class:guest': limit, 'tenant:acme': limit })
      .map((scopes) => Object.fromEntries(Object.entries(scopes).filter(([, value]) => value !== undefined))),
  }),
);

type Operation =
  | { kind: 'admit'; admission: Admission }
  | { kind: 'record'; evidence: Evidence[] }
  | { kind: 'count-refusal'; code: string; at: number }
  | { kind: 'budget'; month: (typeof MONTHS)[number]; budget: Budget | null }
  | { kind: 'freeze'; month: (typeof MONTHS)[number]; since: string | null }
  | { kind: 'block'; identity: Admission['identity']; blocked: boolean }
  | { kind: 'link'; own: Admission['identity']; effective: Admission['identity'] };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 14, arbitrary: fc.record({ kind: fc.constant('admit'), admission }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('record'), evidence: fc.array(piece, { maxLength: 4 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('count-refusal'), code: fc.constant('forbidden'), at: instant }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('budget'), month: someMonth, budget }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('freeze'),
      month: someMonth,
      since: fc.constantFrom(null, null, '2026-11-30T12:00:00Z'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('block'), identity: person, blocked: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('link'), own: person, effective: person }) },
);

/** Does one operation to both and compares what they answer. */
async function perform(c: LedgerCase, model: ModelLedger, one: Operation): Promise<void> {
  const { ledger, service } = c;
  switch (one.kind) {
    case 'admit': {
      const answer = await ledger.admit({ ...one.admission, service });
      expect(answer).toMatchObject(model.admit({ ...one.admission, service }));
      return;
    }
    case 'record':
      model.record(one.evidence);
      return ledger.record(service, one.evidence);
    case 'count-refusal':
      model.countRefusal(one.code, one.at);
      return ledger.countRefusal(service, one.code, one.at);
    case 'budget':
      model.budgets.set(one.month, one.budget);
      return ledger.configureBudget(service, one.month, one.budget);
    case 'freeze':
      model.freezes.set(one.month, one.since);
      return ledger.freeze(service, one.month, one.since);
    case 'block':
      if (one.blocked) model.blocks.add(one.identity);
      else model.blocks.delete(one.identity);
      return ledger.setBlocked(service, one.identity, one.blocked);
    case 'link':
      model.links.set(one.own, one.effective);
      return ledger.link(service, one.own, one.effective);
    default:
      one satisfies never;
  }
}

async function expectSameBooks(c: LedgerCase, model: ModelLedger): Promise<void> {
  for (const month of MONTHS) {
    const totals = await c.totals(month);
    const people = await c.people(month, 4);
    const sorted = people.toSorted((a, b) => (a.identity < b.identity ? -1 : 1));
    const expected = modelPeople(model, month).toSorted((a, b) => (a.identity < b.identity ? -1 : 1));
    expect(sorted).toEqual(expected);
    expect({ ...totals, masks: sortMasks(totals.masks) }).toEqual(modelTotals(model, month));
    expect(totals).toMatchObject({ ...recount(people), masks: expect.anything() });
    expect(sortMasks(totals.masks)).toEqual(recount(people).masks);
    expect(await c.mints(month, 3)).toEqual(modelMints(model, month));
    expect(await c.ledger.days(c.service, month)).toEqual(modelDays(model, month));
  }
  const months = MONTHS.filter((month) => model.peopleOf(month).size > 0);
  expect(await c.ledger.months(c.service)).toEqual(months.reverse());
}

/** Time for a failure to be made small, on a slow store too, before the test itself is cut off. */
const PATIENCE = { interruptAfterTimeLimit: 12_000 };

export function describeRandomOperations(store: ContractStore): void {
  describe('random operations', () => {
    test('answers and books are those of the model, and every sum is a recount', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(operation, { minLength: 1, maxLength: 60, size: 'max' }),
          async (operations) => {
            const c = new LedgerCase(store);
            const model = new ModelLedger();
            for (const one of operations) await perform(c, model, one);
            await expectSameBooks(c, model);
          },
        ),
        { ...PATIENCE, numRuns: 40 },
      );
    });

    test('a burst is decided as the model decides one by one', async () => {
      const burst = fc.tuple(
        fc.array(admission, { minLength: 2, maxLength: 40, size: 'max' }),
        instant,
        budget,
      );
      await fc.assert(
        fc.asyncProperty(burst, async ([admissions, at, limits]) => {
          const c = new LedgerCase(store);
          const model = new ModelLedger();
          await c.budget('2026-10', limits);
          model.budgets.set(monthNamed('2026-10'), limits);
          const life = planTokenLife(at, 3_600, 0);
          const requests = admissions.map((one) => ({ ...one, life, service: c.service }));
          const answers = await Promise.all(requests.map((request) => c.ledger.admit(request)));
          for (const [position, request] of requests.entries()) {
            expect(answers[position]).toMatchObject(model.admit(request));
          }
          await expectSameBooks(c, model);
        }),
        { ...PATIENCE, numRuns: 30 },
      );
    });
  });
}
