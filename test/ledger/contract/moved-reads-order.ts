import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ContractStore, LedgerCase } from './ledger-case.ts';
import { ModelLedger } from './model-ledger.ts';
import { modelPeople } from './model-reports.ts';
import { MONTHS } from './operations.ts';
import { everyoneIn, ownUpdate, sortPeople, tell, together, updateByOther } from './participant-updates.ts';

/** Both own updates of a month and what others tell in it; an index says little of when it was told. */
const plan = fc.record({
  ...{
    person: fc.constantFrom('ann', 'bob'),
    room: fc.constantFrom(1, 2),
    index: fc.nat(5),
    teller: fc.nat(1),
  },
  ...{ month: fc.nat(2), second: fc.nat(27 * 86_400), named: fc.boolean() },
});
type Plan = typeof plan extends fc.Arbitrary<infer One> ? One : never;

const instantOf = ({ month, second }: Plan) =>
  new Date(Date.parse(`${MONTHS[month]!}-01T00:00:00Z`) + second * 1000).toISOString();

/** Of each member in each conversation others tell twice a month at most; of more, the ledger does not know every instant. */
const twiceAMonth = ({ person, room, month, teller }: Plan) => `${person} ${room} ${month} ${teller}`;

const streams = fc
  .record({
    own: fc.array(plan, { minLength: 1, maxLength: 14, size: 'max' }),
    others: fc.uniqueArray(plan, { maxLength: 8, selector: twiceAMonth }),
  })
  .chain(({ own, others }) => {
    const shuffled = <Item>(items: Item[]) => fc.shuffledSubarray(items, { minLength: items.length });
    const inMonths = MONTHS.map((_name, month) => {
      const ofMonth = own.filter((one) => one.month === month);
      return shuffled([...ofMonth, ...ofMonth, ...ofMonth]);
    });
    return fc.record({
      own: fc.constant(own),
      others: fc.constant(others),
      inMonths: fc.tuple(...inMonths),
      repeats: shuffled([...own, ...others]),
    });
  });

export function describeOrderOfMovedReads(store: ContractStore): void {
  describe('reads that name how far, in any order', () => {
    test('any order within a month comes to the same, and no repeat of any month changes it', async () => {
      const told = (one: Plan) => ownUpdate(one.index, instantOf(one), one);
      const toldByOther = (one: Plan) => updateByOther(one.index, instantOf(one), one);
      const isSame = async ({ own, others, inMonths, repeats }: ValueOf<typeof streams>, size: number) => {
        const everything = together([...own.map(told), ...others.map(toldByOther)]);
        const model = new ModelLedger();
        model.record(...everything);
        const [first, second] = [new LedgerCase(store), new LedgerCase(store)];
        await first.ledger.record(first.service, ...everything);
        for (const [month, updates] of inMonths.entries()) {
          await tell(second, ...others.filter((one) => one.month === month).map(toldByOther));
          for (let from = 0; from < updates.length; from += size) {
            const some = updates.slice(from, from + size).map(told);
            await second.ledger.record(second.service, ...together(some));
          }
        }
        const isOther = (one: Plan) => others.includes(one);
        await tell(second, ...repeats.map((one) => (isOther(one) ? toldByOther(one) : told(one))));
        const expected = MONTHS.map((month) => sortPeople(modelPeople(model, month)));
        expect((await everyoneIn(first)).map(({ people }) => people)).toEqual(expected);
        expect(await everyoneIn(second)).toEqual(await everyoneIn(first));
      };
      await fc.assert(fc.asyncProperty(streams, fc.integer({ min: 1, max: 5 }), isSame), {
        ...{ numRuns: 40, interruptAfterTimeLimit: 12_000 },
      });
    });
  });
}

type ValueOf<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never;
