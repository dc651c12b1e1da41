// Only Redis has another server that takes over.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { GatewayCase, untilAnswered } from './gateway-case.ts';
import { OlderRedis } from './older-redis.ts';

const AT = '2026-11-20T09:00:00Z';
/** So seldom that no look comes by itself. */
const OPTIONS = {
  watchTimes: { lookMs: 60_000, settleMs: 60_000, otherServerMs: 60_000 },
  deadlineMs: 300,
};

let redis: OlderRedis;
let way: TcpProxy;
let gateway: GatewayCase;

beforeEach(async () => {
  redis = await OlderRedis.start();
  way = await startTcpProxy(Number(new URL(redis.url).port));
  gateway = await GatewayCase.open(
    { kind: 'single', url: `redis://127.0.0.1:${way.port}` },
    undefined,
    OPTIONS,
  );
});
afterEach(async () => {
  await gateway.ledger.close();
  await way.stop();
  await redis.stop();
});

test('a call that took too long keeps newcomers waiting no longer than one look takes', async () => {
  await gateway.admit('ann', AT);
  redis.pause();
  await expect(gateway.admit('bob', AT)).rejects.toMatchObject({ code: 'ledger-unavailable' });
  redis.resume();
  const startedAt = performance.now();
  expect(await untilAnswered(() => gateway.admit('cid', AT))).toMatchObject({ outcome: 'new' });
  expect(performance.now() - startedAt).toBeLessThan(4_000);
});

test('a connection that came back to the same server keeps nobody waiting', async () => {
  await gateway.admit('ann', AT);
  way.passOn();
  const startedAt = performance.now();
  expect(await untilAnswered(() => gateway.admit('bob', AT))).toMatchObject({ outcome: 'new' });
  expect(performance.now() - startedAt).toBeLessThan(4_000);
  expect(gateway.sayings()).toEqual([]);
});
