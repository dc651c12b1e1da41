// What a gateway learns while Redis is there decides whom it serves when Redis is away.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { identityOf } from '../contract/builders.ts';
import { GatewayCase } from './gateway-case.ts';

const AT = '2026-11-20T09:00:00Z';
const LATER = '2026-11-20T09:40:00Z';
const GUEST = { className: 'guest' };
const PATIENCE_MS = 10_000;

let server: RedisServer;
let one: GatewayCase;
let two: GatewayCase;

beforeAll(async () => {
  server = await startRedisServer();
});
beforeEach(async () => {
  one = await GatewayCase.open({ kind: 'single', url: server.url });
  two = await GatewayCase.open({ kind: 'single', url: server.url }, one);
});
afterEach(async () => {
  await Promise.all([one.ledger.close(), two.ledger.close()]);
});
afterAll(() => server.stop());

function knows(person: string): boolean {
  return one.known.find(one.service, identityOf(person)) !== null;
}

/** Resolves when the first gateway knows these people no more. */
async function forgotten(...people: string[]): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (people.some(knows)) {
    if (performance.now() > giveUpAt) throw new Error(`still known: ${people.filter(knows)}`);
    await sleep(20);
  }
}

test('a guest whom another gateway gave to a member is soon nobody here, and others still are', async () => {
  await one.admit('guest', AT, GUEST);
  await one.admit('bob', AT);
  await one.looked();
  expect(await two.adopt('guest', 'ann')).toMatchObject({ outcome: 'adopted' });
  await forgotten('guest');
  expect(knows('bob')).toBe(true);

  expect(await one.admit('ann', LATER)).toMatchObject({ outcome: 'known', identity: 'guest' });
  await one.admit('other-guest', AT, GUEST);
  expect(await two.adopt('other-guest', 'cid')).toMatchObject({ outcome: 'adopted' });
  await forgotten('other-guest');
  expect([knows('ann'), knows('bob')]).toEqual([true, true]);
});

test('so is whom an operator linked by another gateway, and whose identity they took', async () => {
  for (const person of ['ann', 'legacy', 'bob']) await one.admit(person, AT);
  await one.looked();
  await two.link('ann', 'legacy');
  await forgotten('ann', 'legacy');
  expect(knows('bob')).toBe(true);
});

test('so it is when an erasure emptied the list of them before this gateway looked', async () => {
  for (const person of ['guest', 'bob', 'cid']) await one.admit(person, AT);
  await one.looked();
  await Promise.all([two.adopt('guest', 'ann'), two.erase('bob', 'nobody-1')]);
  await forgotten('guest', 'bob');
  expect(knows('cid')).toBe(true);
});
