// Only Redis can lose its data while a gateway runs: the embedded ledger locks its file.
import { expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { ledgerOnRedis } from '../../support/ledger-on-redis.ts';
import { LedgerCase } from '../contract/ledger-case.ts';
import { untilAnswered } from './gateway-case.ts';

const AT = '2026-11-20T09:00:00Z';

const redis = ledgerOnRedis();

async function loseEverything(): Promise<void> {
  const admin = new Redis(redis.server.url);
  await admin.flushall();
  admin.disconnect();
}

/** A service with a budget of two and one member in the month, in a Redis that has just lost all of it. */
async function openLostCase(): Promise<LedgerCase> {
  const c = new LedgerCase(redis);
  await c.budget('2026-11', { scopes: { all: 2, 'class:member': 1 } });
  expect(await c.admit('ann', AT)).toMatchObject({ outcome: 'new' });
  await loseEverything();
  return c;
}

async function expectBudgetOfOneMember(c: LedgerCase): Promise<void> {
  const people = ['bob', 'cid', 'dan'];
  const answers = await Promise.all(people.map((person) => untilAnswered(() => c.admit(person, AT))));
  expect(answers.filter(({ outcome }) => outcome === 'new')).toHaveLength(1);
  expect(answers.filter(({ outcome }) => outcome === 'refused')).toHaveLength(2);
}

test('a Redis that lost its data is told the configured budget again before anybody is let in', async () => {
  await expectBudgetOfOneMember(await openLostCase());
});

test('so it is when evidence is the first to come', async () => {
  const c = await openLostCase();
  await c.see('eve', 'messaged', AT);
  await expectBudgetOfOneMember(c);
});

test('so it is when the first to come has a name that this process never used', async () => {
  const c = await openLostCase();
  const bob = await untilAnswered(() => c.admit('bob', AT, { intent: 'another' }));
  expect(bob).toMatchObject({ outcome: 'new' });
  expect(await c.admit('cid', AT)).toMatchObject({ outcome: 'refused', code: 'mau-budget-exhausted' });
});

test('so it is when it lost its data before this process learned any name', async () => {
  const c = new LedgerCase(redis);
  await c.budget('2026-11', { scopes: { all: 1 } });
  await loseEverything();
  // A look may come between the two, and find the loss.
  expect(await untilAnswered(() => c.admit('bob', AT))).toMatchObject({ outcome: 'new' });
  expect(await c.admit('cid', AT)).toMatchObject({ outcome: 'refused', code: 'mau-budget-exhausted' });
});
