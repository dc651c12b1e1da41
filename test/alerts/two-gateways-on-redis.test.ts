// On Redis because only there do several gateways share one outbox.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { createAlertTarget } from '../../src/notify/create-alert-target.ts';
import { type LoopbackTarget, startLoopbackTarget } from '../notify/loopback-target.ts';
import { settableClock } from '../support/clock.ts';
import { openTestRedisLedger } from '../support/redis-ledger.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { deliveryKit } from './delivery-kit.ts';
import { fireAlerts, NOW, standing } from './fire-alerts.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

let server: RedisServer;
let ledgers: Ledger[];
let endpoint: LoopbackTarget;

beforeAll(async () => {
  server = await startRedisServer();
  const connection = { kind: 'single', url: server.url } as const;
  ledgers = await Promise.all([1, 2, 3].map(() => openTestRedisLedger(connection)));
  endpoint = await startLoopbackTarget();
});
afterAll(async () => {
  await Promise.all(ledgers.map((ledger) => ledger.close()));
  await endpoint.close();
  await server.stop();
});

test('three gateways send every alert once, again under the same id after a failure, and in no case more', async () => {
  const clock = settableClock(NOW + 20_000);
  const target = createAlertTarget({
    ...{ name: 'pager', kind: 'webhook', url: endpoint.url, secret: SECRET },
    ...{ timeoutMs: 2_000, maxAttempts: 5, publicUrl: null },
  });
  endpoint.answer = { status: 500 };
  const kits = ledgers.map((ledger) => deliveryKit(ledger, [target], clock));
  for (const { delivery } of kits) delivery.start();
  await Promise.all(kits.map((kit) => kit.idle()));
  await fireAlerts(ledgers[0]!, 12);
  const round = () => Promise.all(kits.map((kit) => kit.nextRound()));
  await round();
  expect(endpoint.received).toHaveLength(10);

  endpoint.answer = { status: 204 };
  clock.advance(60_000);
  await round();
  await round();
  for (const { delivery } of kits) await delivery.stop();

  const ids = endpoint.received.map(({ headers }) => headers['webhook-id']);
  expect(ids).toHaveLength(20);
  expect(new Set(ids.slice(0, 10)).size).toBe(10);
  expect(new Set(ids).size).toBe(10);
  const thresholds = endpoint.received.slice(10).map(({ body }) => JSON.parse(body).data.threshold);
  expect(thresholds.sort((a, b) => a - b)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  expect(new Set(await standing(ledgers[1]!, 'pager'))).toEqual(
    new Set([100, 90, 80, 70, 60, 50, 40, 30, 20, 10].map((threshold) => `${threshold} delivered 2`)),
  );
});
