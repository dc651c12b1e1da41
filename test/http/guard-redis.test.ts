import { afterEach, beforeEach, expect, test } from '@jest/globals';
import request from 'supertest';
import { parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { planTokenLife } from '../../src/domain/token-life.ts';
import { budgetOf, identityOf } from '../ledger/contract/builders.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { timeAwake } from '../support/time-awake.ts';
import { openWebhookGateway, type WebhookGateway } from './webhook-gateway.ts';

/* The other tests of the guard run on the embedded ledger; here gateways share a Redis, which also goes away. */

const MONTH = parseMonth('2026-11')!;
/** A busy machine may be late for the deadline that ships; whoever is gone is told from whoever is late all the same. */
const PATIENT = 'ledger: { deadlineMs: 10000 }';

let server: RedisServer;
let gateways: WebhookGateway[];

beforeEach(async () => {
  server = await startRedisServer();
  gateways = [];
});
afterEach(async () => {
  server.resume();
  await Promise.all(gateways.map(({ gateway }) => gateway.server.drain()));
  await server.stop();
});

async function openGateway(): Promise<WebhookGateway> {
  const env = { REDIS_URL: server.url, LEDGER_PATH: undefined };
  const open = await openWebhookGateway({ env, yaml: PATIENT });
  gateways.push(open);
  for (let attempt = 0; ; attempt += 1) {
    try {
      await open.gateway.ledger.ping(DEFAULT_SERVICE);
      return open;
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

const mint = ({ gateway, clock }: WebhookGateway, who: string) =>
  gateway.ledger.admit({
    ...{ service: DEFAULT_SERVICE, identity: identityOf(who), className: 'member', tenant: null },
    ...{ intent: 'open_chat', rule: 'intent-allowed', policyMark: 1 },
    ...{ knownOnly: false, needsReason: false, hidden: false },
    life: planTokenLife(clock.now(), 3_600, 0),
  });

const adds = (open: WebhookGateway, who: string) =>
  open.guard(open.event('onParticipantAdd', { Identity: who, ClientIdentity: 'm_ann' }));

test('fifty added and fifty minted at once, over two gateways, never pass the limit', async () => {
  const [one, other] = [await openGateway(), await openGateway()];
  const { ledger } = one.gateway;
  await ledger.configureBudget(DEFAULT_SERVICE, MONTH, budgetOf({ scopes: { all: 70 } }));
  const crowd = Array.from({ length: 50 }, (_, n) => n);
  const [added, minted] = await Promise.all([
    Promise.all(crowd.map(async (n) => (await adds(n % 2 === 0 ? one : other, `j${n}`)).status)),
    Promise.all(crowd.map(async (n) => (await mint(one, `m_${n}`)).outcome)),
  ]);
  const letIn = added.filter((status) => status === 200).length;
  // Whoever came first: each way alone has fewer than the places.
  expect(letIn).toBeGreaterThanOrEqual(20);
  // More only where a busy machine made the guard answer before the ledger did; the count knows better.
  expect(letIn + minted.filter((outcome) => outcome === 'new').length).toBeGreaterThanOrEqual(70);
  const totals = await ledger.totals(DEFAULT_SERVICE, MONTH);
  expect([totals.all, totals.refused]).toEqual([70, { 'mau-budget-exhausted': 30 }]);
});

test('a Redis that answers nothing lets everybody through in time, and the count may still come', async () => {
  const open = await openGateway();
  const { ledger } = open.gateway;
  await ledger.configureBudget(DEFAULT_SERVICE, MONTH, budgetOf({ scopes: { all: 1 } }));
  expect((await adds(open, 'm_first')).status).toBe(200);

  server.pause();
  const { result: answers, awakeMs } = await timeAwake(() =>
    Promise.all([adds(open, 'm_first'), adds(open, 'm_stopped'), adds(open, 'm_too')]),
  );
  expect(answers.map(({ status, body }) => [status, body])).toEqual(answers.map(() => [200, {}]));
  expect(awakeMs).toBeLessThan(1_500);

  server.resume();
  const giveUpAt = performance.now() + 5_000;
  const totals = () => ledger.totals(DEFAULT_SERVICE, MONTH).catch(() => null);
  while (performance.now() < giveUpAt && (await totals())?.refused['mau-budget-exhausted'] !== 2) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  // Decided in the end, by the budget: nobody who was let through uncounted is counted above it.
  expect(await totals()).toMatchObject({ all: 1, refused: { 'mau-budget-exhausted': 2 } });
  // What Twilio was told is what counts.
  expect(await open.counts('guard_webhooks')).toEqual({ counted: 1, late: 3 });
});

test('a Redis that is gone lets everybody through at once, and one that is back refuses again', async () => {
  const open = await openGateway();
  await open.gateway.ledger.configureBudget(DEFAULT_SERVICE, MONTH, budgetOf({ scopes: { all: 0 } }));
  expect((await adds(open, 'm_bob')).status).toBe(403);

  server.kill();
  const startedAt = performance.now();
  for (let n = 0; n < 5; n += 1) expect((await adds(open, `m_${n}`)).status).toBe(200);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  expect(await open.counts('guard_webhooks')).toEqual({ refused: 1, unavailable: 5 });

  const again = await startRedisServer({ port: server.port });
  try {
    // It lost its data and with it the limits. Until every gateway has had the time to tell it again, newcomers wait.
    const giveUpAt = performance.now() + 40_000;
    let status = 200;
    while (status === 200 && performance.now() < giveUpAt) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      status = (await adds(open, `m_${performance.now()}`)).status;
    }
    expect(status).toBe(403);
    expect((await request(open.gateway.app).get('/livez')).status).toBe(200);
  } finally {
    await again.stop();
  }
}, 60_000);
