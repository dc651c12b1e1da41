// What a gateway learns while Redis is there decides whom it serves when Redis is away.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { auditOf, identityOf } from '../contract/builders.ts';
import { GatewayCase } from './gateway-case.ts';

const AT = '2026-11-20T09:00:00Z';

let server: RedisServer;
let one: GatewayCase;
let two: GatewayCase;

beforeAll(async () => {
  server = await startRedisServer();
  one = await GatewayCase.open({ kind: 'single', url: server.url });
  two = await GatewayCase.open({ kind: 'single', url: server.url }, one);
});
afterAll(async () => {
  await Promise.all([one.ledger.close(), two.ledger.close()]);
  await server.stop();
});

test('whom another gateway blocked is soon nobody that this one would serve without Redis', async () => {
  const knows = (person: string) => one.known.find(one.service, identityOf(person)) !== null;
  await one.admit('ann', AT);
  await one.admit('bob', AT);
  await one.looked();
  expect([knows('ann'), knows('bob')]).toEqual([true, true]);

  const block = { kind: 'block', identity: identityOf('ann'), blocked: true } as const;
  const terms = { audit: auditOf('block'), expected: null, idempotency: null };
  await two.ledger.change(one.service, block, terms);
  await one.looked();
  expect([knows('ann'), knows('bob')]).toEqual([false, true]);
});
