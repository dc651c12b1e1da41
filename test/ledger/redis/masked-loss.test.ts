// Only Redis can come back with less than it had: the embedded ledger is one file of one process, and synced.
import { afterEach, expect, test } from '@jest/globals';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { GatewayCase, untilAnswered } from './gateway-case.ts';
import { OlderRedis } from './older-redis.ts';

const MONTH = '2026-11';
const AT = '2026-11-20T09:00:00Z';
const LATER = '2026-11-20T09:40:00Z';
/** So seldom that nobody has counted the people again by the time of the loss. */
const OPTIONS = { watchTimes: { lookMs: 60_000, settleMs: 60_000, otherServerMs: 60_000 } };

let redis: OlderRedis;
let way: TcpProxy;
let gateways: GatewayCase[];

afterEach(async () => {
  await Promise.all(gateways.map(({ ledger }) => ledger.close()));
  await way.stop();
  await redis.stop();
});

test('a gateway finds its people gone, though others have minted as many since', async () => {
  redis = await OlderRedis.start();
  way = await startTcpProxy(Number(new URL(redis.url).port));
  const one = await GatewayCase.open({ kind: 'single', url: redis.url }, undefined, OPTIONS);
  const two = await GatewayCase.open({ kind: 'single', url: `redis://127.0.0.1:${way.port}` }, one, OPTIONS);
  gateways = [one, two];
  for (const person of ['ann', 'bob', 'cid', 'dan']) await one.admit(person, AT);
  await redis.snapshot();
  expect(await two.admit('eve', AT)).toMatchObject({ outcome: 'new', ordinal: 5 });
  way.swallow();
  await redis.goBack();
  for (const person of ['ann', 'bob', 'cid', 'dan']) {
    expect(await untilAnswered(() => one.admit(person, LATER))).toMatchObject({ outcome: 'known' });
  }
  expect((await one.totals(MONTH)).minted).toBeGreaterThan(5);
  expect([...one.sayings(), ...two.sayings()]).toEqual([]);

  way.passOn();
  await two.said('restored');
  expect(two.sayings()).toEqual(['lost', 'restored']);
  expect((await one.people(MONTH)).map(({ identity }) => String(identity))).toContain('eve');
});
