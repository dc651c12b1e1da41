import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readShippedRules } from '../../src/config/shipped-reckoning.ts';
import { SIGNALS, signalsOf } from '../../src/domain/signal.ts';
import { countActiveUsers } from '../../src/reports/count-active-users.ts';

/** Every mask there can be. */
const MASKS = 1 << 12;

/** One identity after the other, by the words of its signals: what the histogram must equal. */
function scan(people: readonly number[], signals: readonly string[]): number {
  return people.filter((mask) => signalsOf(mask).some((signal) => signals.includes(signal))).length;
}

function histogram(people: readonly number[]) {
  const counts = new Map<number, number>();
  for (const mask of people) counts.set(mask, (counts.get(mask) ?? 0) + 1);
  return [...counts].map(([mask, identities]) => ({ mask, identities }));
}

const people = fc.array(fc.nat(MASKS - 1), { maxLength: 300 });

describe('active users', () => {
  test('equal a full scan of everyone, by every shipped set', () => {
    fc.assert(
      fc.property(people, fc.nat(50), (masks, conversations) => {
        const month = { masks: histogram(masks), conversations };
        for (const rules of readShippedRules()) {
          const { low, high, ...rest } = countActiveUsers(month, rules);
          expect(rest).toEqual({ rules: rules.version, unit: rules.unit });
          expect([low, high]).toEqual(
            rules.unit === 'conversations'
              ? [conversations, conversations]
              : [scan(masks, rules.low), scan(masks, rules.high)],
          );
        }
      }),
    );
  });

  test('equal a full scan by any rules, and low is never above high', () => {
    fc.assert(
      fc.property(
        people,
        fc.subarray([...SIGNALS], { minLength: 1 }),
        fc.infiniteStream(fc.boolean()),
        (masks, high, coin) => {
          const low = high.filter(() => coin.next().value);
          const rules = { ...readShippedRules()[0]!, low, high };
          const counted = countActiveUsers({ masks: histogram(masks), conversations: 0 }, rules);
          expect(counted).toMatchObject({ low: scan(masks, low), high: scan(masks, high) });
          expect(counted.low).toBeLessThanOrEqual(counted.high);
        },
      ),
    );
  });

  test('take the same few steps for a million identities with every mask there is', () => {
    const masks = Array.from({ length: MASKS }, (_, mask) => ({ mask, identities: 250 }));
    const sets = readShippedRules();
    const startedAt = performance.now();
    for (let round = 0; round < 20; round += 1) {
      for (const rules of sets) countActiveUsers({ masks, conversations: 9 }, rules);
    }
    expect((performance.now() - startedAt) / 20).toBeLessThan(50);
  });
});
