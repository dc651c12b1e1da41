import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planTokenLife } from '../../../src/domain/token-life.ts';
import type { Alert } from '../../../src/ledger/alert-book.ts';
import type { PersonFound } from '../../../src/ledger/bonds.ts';
import type { IdentityRecord } from '../../../src/ledger/records.ts';
import { monthNamed } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';
import { ModelLedger } from './model-ledger.ts';
import { modelDays, modelMints, modelPeople, modelTotals, recount, sortMasks } from './model-reports.ts';
import { admission, budget, instant, MONTHS, operation, PEOPLE, perform } from './operations.ts';

async function expectSameBooks(c: LedgerCase, model: ModelLedger): Promise<void> {
  for (const month of MONTHS) {
    const totals = await c.totals(month);
    const people = await c.people(month, 4);
    const sorted = people.toSorted((a, b) => (a.identity < b.identity ? -1 : 1));
    const expected = modelPeople(model, month).toSorted((a, b) => (a.identity < b.identity ? -1 : 1));
    expect(sorted).toEqual(expected);
    expect(await c.ledger.findPeople(c.service, PEOPLE, month)).toEqual(findInModel(model, expected));
    expect({ ...totals, masks: sortMasks(totals.masks) }).toEqual(modelTotals(model, month));
    expect(totals).toMatchObject({ ...recount(people), masks: expect.anything() });
    expect(sortMasks(totals.masks)).toEqual(recount(people).masks);
    expect(await c.mints(month, 3)).toEqual(modelMints(model, month));
    expect(await c.ledger.days(c.service, month)).toEqual(modelDays(model, month));
  }
  const months = MONTHS.filter((month) => model.peopleOf(month).size > 0);
  expect(await c.ledger.months(c.service)).toEqual(months.reverse());
  expect((await c.alerts(3)).map(outlineAlert).sort()).toEqual(model.limits.alerts.map(outlineAlert).sort());
}

/** Who each is served as, and what is known of that identity. */
function findInModel({ bonds }: ModelLedger, people: readonly IdentityRecord[]): PersonFound[] {
  return PEOPLE.map((person) => {
    const identity = bonds.links.get(person) ?? (bonds.adopters.has(person) ? null : person);
    return { identity, record: people.find((one) => one.identity === identity) ?? null };
  });
}

/** Without what depends on which newcomer of a batch it was. */
function outlineAlert({ month, budget, threshold, state }: Omit<Alert, 'id'>): string {
  return [month, budget, threshold, state].join(' ');
}

async function expectSameBonds(c: LedgerCase, { bonds }: ModelLedger): Promise<void> {
  expect(await c.ledger.linksOf(c.service, PEOPLE)).toEqual(
    PEOPLE.map((person) => bonds.links.get(person) ?? null),
  );
  const merges = await c.ledger.merges(c.service);
  const pair = ({ guest, member }: { guest: string; member: string }) => `${guest} ${member}`;
  expect(merges.map(pair).sort()).toEqual(bonds.merges.map(pair).sort());
  for (const person of PEOPLE) {
    expect(await c.ledger.identityFile(c.service, person)).toMatchObject({
      servedAs: bonds.links.get(person) ?? null,
      servedFor: bonds.adopters.get(person) ?? null,
      blocked: bonds.blocks.has(person),
    });
  }
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
            await expectSameBonds(c, model);
          },
        ),
        { ...PATIENCE, numRuns: 40 },
      );
    });

    test('a burst is decided as the model decides one by one', async () => {
      const burst = fc.tuple(
        fc.array(admission, { minLength: 2, maxLength: 40, size: 'max' }),
        instant,
        fc.option(budget),
      );
      await fc.assert(
        fc.asyncProperty(burst, async ([admissions, at, limits]) => {
          const c = new LedgerCase(store);
          const model = new ModelLedger();
          await c.budget('2026-10', limits);
          model.limits.configured.set(monthNamed('2026-10'), limits);
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
