// Only Redis serves others while a script runs, so that only there the commands of one are held against the number of tenants.
import { expect, test } from '@jest/globals';
import { askRedis } from '../../support/ask-redis.ts';
import { ledgerOnRedis } from '../../support/ledger-on-redis.ts';
import { monthNamed } from '../contract/builders.ts';
import { LedgerCase } from '../contract/ledger-case.ts';

const AT = '2026-11-20T09:00:00Z';
const NOVEMBER = monthNamed('2026-11');
const TENANTS = 200;
const THRESHOLDS = [50, 80];

const redis = ledgerOnRedis();

/** How often a command was called while this was done: `hget` for a field, `hgetall` for a whole hash. */
async function callsIn(work: () => Promise<unknown>, command: 'hget' | 'hgetall' = 'hget'): Promise<number> {
  await askRedis(redis.server.port, (client) => client.config('RESETSTAT'));
  await work();
  const stats = await askRedis(redis.server.port, (client) => client.info('commandstats'));
  return Number(new RegExp(`^cmdstat_${command}:calls=(\\d+)`, 'm').exec(stats)?.[1] ?? 0);
}

test('a change of limits looks at no tenant by itself who is far from a limit', async () => {
  const c = new LedgerCase(redis);
  const people = Array.from({ length: TENANTS }, (_, number) => number);
  await Promise.all(people.map((number) => c.admit(`p${number}`, AT, { tenant: `t${number}` })));
  await c.admit('ann', AT, { tenant: 't7' });

  const without = () => c.setBudget('2026-11', { scopes: { all: 10_000 }, thresholds: THRESHOLDS });
  expect(await callsIn(without)).toBeLessThan(TENANTS / 2);
  const scopes = { all: 10_000, 'tenant:*': 4 };
  const withLimit = () => c.setBudget('2026-11', { scopes, thresholds: THRESHOLDS });
  expect(await callsIn(withLimit)).toBeLessThan(TENANTS / 2);
  expect((await c.alerts()).map(({ budget, threshold }) => [budget, threshold])).toEqual([['tenant:t7', 50]]);
  expect(await callsIn(without)).toBeLessThan(TENANTS / 2);
  expect((await c.alerts()).map(({ state }) => state)).toEqual(['firing', 'recovered']);
});

test('whoever asks is found without a look at the totals, as a guest who shows to be human is', async () => {
  const c = new LedgerCase(redis);
  await c.admit('ann', AT, { tenant: 't7' });
  const look = () => c.standing('ann', AT);
  expect(await callsIn(look, 'hgetall')).toBe(0);
  expect(await callsIn(() => c.preview('ann', AT), 'hgetall')).toBeGreaterThan(0);
});

test('days are read by themselves, without the totals and their tenants', async () => {
  const c = new LedgerCase(redis);
  await c.admit('ann', AT, { tenant: 't7' });
  expect(await callsIn(() => c.ledger.days(c.service, NOVEMBER), 'hgetall')).toBe(30);
});
