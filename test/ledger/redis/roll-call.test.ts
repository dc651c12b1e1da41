// Only Redis can come back with less than it had: the embedded ledger is one file of one process, and synced.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { askRedis, untilYes } from '../../support/ask-redis.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { GatewayCase, isRefusedByBudget, untilAnswered } from './gateway-case.ts';
import { OlderRedis } from './older-redis.ts';

const MONTH = '2026-11';
const AT = '2026-11-20T09:00:00Z';
const LATER = '2026-11-20T09:40:00Z';
const LIMIT = 5;
/** So long that whoever waits for the fixed times fails. */
const TIMES = { lookMs: 100, settleMs: 60_000, otherServerMs: 60_000 };
const FOREVER_MS = 10_000;
const FIXED = { lookMs: 100, settleMs: 6_000, otherServerMs: 6_000 };

let redis: OlderRedis;
let proxies: TcpProxy[];
let gateways: GatewayCase[];

beforeEach(async () => {
  redis = await OlderRedis.start();
  proxies = [];
  gateways = [];
});
afterEach(async () => {
  for (const proxy of proxies) proxy.passOn();
  await Promise.all(gateways.map(({ ledger }) => ledger.close()));
  await Promise.all(proxies.map((proxy) => proxy.stop()));
  await redis.stop();
});

/** A gateway that can be cut off from the store, and its way there. */
async function openBehindProxy(watchTimes = TIMES): Promise<{ gateway: GatewayCase; way: TcpProxy }> {
  const way = await startTcpProxy(Number(new URL(redis.url).port));
  proxies.push(way);
  const gateway = await GatewayCase.open(
    { kind: 'single', url: `redis://127.0.0.1:${way.port}` },
    gateways[0],
    { watchTimes },
  );
  gateways.push(gateway);
  return { gateway, way };
}

/** Somebody asks again and again, and is told each time that newcomers wait. */
async function expectHeldFor(ms: number, gateway: GatewayCase): Promise<void> {
  const until = performance.now() + ms;
  for (let number = 0; performance.now() < until; number++) {
    await expect(gateway.admit(`early-${number}`, LATER)).rejects.toMatchObject({
      trouble: 'newcomers-wait',
    });
    await sleep(20);
  }
}

async function admitAll(gateway: GatewayCase, people: readonly string[]): Promise<void> {
  for (const person of people) expect(await gateway.admit(person, AT)).toMatchObject({ outcome: 'new' });
}

async function expectFull(gateway: GatewayCase, people: readonly string[]): Promise<void> {
  const strangers = Array.from({ length: LIMIT }, (_, number) => `stranger-${number}`);
  const answers = await Promise.all(strangers.map((person) => gateway.ask(person, LATER)));
  expect(answers.filter(({ outcome }) => outcome === 'new')).toHaveLength(LIMIT - people.length);
  expect(answers.filter(isRefusedByBudget)).toHaveLength(people.length);
  const counted = (await gateway.people(MONTH)).map(({ identity }) => String(identity));
  expect(counted).toEqual(expect.arrayContaining([...people]));
  expect(counted).toHaveLength(LIMIT);
}

describe('two gateways, of which each has seen what the other has not', () => {
  let one: GatewayCase;
  let two: GatewayCase;
  let ways: [TcpProxy, TcpProxy];

  beforeEach(async () => {
    const [first, second] = [await openBehindProxy(), await openBehindProxy()];
    [one, two] = [first.gateway, second.gateway];
    ways = [first.way, second.way];
    for (const gateway of gateways) await gateway.budget(MONTH, { scopes: { all: LIMIT } });
    await admitAll(one, ['ann']);
    await admitAll(two, ['bob']);
    await two.looked();
    await redis.snapshot();
    ways[0].swallow();
    await admitAll(two, ['cid', 'dan']);
    ways[1].swallow();
  });

  test('let nobody new in before both have looked at another server', async () => {
    await redis.goBack();
    ways[0].passOn();
    expect(await one.ask('ann', LATER)).toMatchObject({ outcome: 'known' });
    await expectHeldFor(1_000, one);
    expect(one.sayings()).toEqual([]);
    ways[1].passOn();
    await expectFull(one, ['ann', 'bob', 'cid', 'dan']);
    for (const gateway of gateways) expect(gateway.sayings()).toEqual(['lost', 'restored']);
  });

  test('hand no guest to a member before both have looked at another server', async () => {
    await redis.goBack();
    ways[0].passOn();
    expect(await one.ask('ann', LATER)).toMatchObject({ outcome: 'known' });
    await expect(one.adopt('guest', 'cid')).rejects.toMatchObject({ trouble: 'newcomers-wait' });
    ways[1].passOn();
    expect(await untilAnswered(() => one.adopt('guest', 'cid'))).toMatchObject({
      reason: 'member-has-identity',
    });
    expect(await one.ask('cid', LATER)).toMatchObject({ outcome: 'known', identity: 'cid' });
  });

  test('let nobody new in before both have told an emptied store, though it has lost their lines', async () => {
    await redis.empty();
    ways[0].passOn();
    await one.said('restored');
    await expectHeldFor(1_000, one);
    const late = await openBehindProxy();
    await late.gateway.budget(MONTH, { scopes: { all: LIMIT } });
    await expectHeldFor(300, late.gateway);
    ways[1].passOn();
    await Promise.all([two.said('restored'), expectFull(late.gateway, ['ann', 'bob', 'cid', 'dan'])]);
  });
});

test('newcomers are let in at another server with the same data as soon as every gateway has looked at it', async () => {
  const { gateway: one } = await openBehindProxy();
  const { gateway: two } = await openBehindProxy();
  await admitAll(one, ['ann']);
  await admitAll(two, ['bob']);
  await redis.snapshot();
  await redis.goBack();
  await untilAnswered(() => one.ledger.ping(one.service));
  const startedAt = performance.now();
  expect(await one.ask('cid', LATER)).toMatchObject({ outcome: 'new' });
  expect(await two.ask('dan', LATER)).toMatchObject({ outcome: 'new' });
  expect(performance.now() - startedAt).toBeLessThan(FOREVER_MS);
  expect([...one.sayings(), ...two.sayings()]).toEqual([]);
});

test('nobody waits for a gateway that ended in order', async () => {
  const { gateway: one } = await openBehindProxy();
  const { gateway: two } = await openBehindProxy();
  await admitAll(one, ['ann']);
  await admitAll(two, ['bob']);
  await one.looked();
  await two.ledger.close();
  gateways.pop();
  await one.looked();
  await redis.snapshot();
  await redis.goBack();
  await untilAnswered(() => one.ledger.ping(one.service));
  expect(await one.ask('cid', LATER)).toMatchObject({ outcome: 'new' });
});

test('a gateway that does not come back is waited for no longer than the fixed time', async () => {
  const { gateway: one } = await openBehindProxy(FIXED);
  const { gateway: two, way } = await openBehindProxy(FIXED);
  await admitAll(one, ['ann']);
  await admitAll(two, ['bob']);
  await redis.snapshot();
  way.swallow();
  await redis.goBack();
  await untilAnswered(() => one.ledger.ping(one.service));
  await expectHeldFor(FIXED.otherServerMs / 4, one);
  expect(await one.ask('cid', LATER)).toMatchObject({ outcome: 'new' });
});

test('a gateway that ended without a word is not waited for once its line has stayed the same for long enough', async () => {
  const { gateway: one } = await openBehindProxy({ ...TIMES, lookMs: 20 });
  const { gateway: two, way } = await openBehindProxy({ ...TIMES, lookMs: 20 });
  await admitAll(one, ['ann']);
  await admitAll(two, ['bob']);
  way.swallow();
  const { port } = new URL(redis.url);
  const count = () => askRedis(Number(port), (admin) => admin.hlen(`mg:{${one.service}}:gateways`));
  expect(await count()).toBe(2);
  await untilYes('only one is left', async () => (await count()) === 1);
  await redis.snapshot();
  await redis.goBack();
  await untilAnswered(() => one.ledger.ping(one.service));
  expect(await one.ask('cid', LATER)).toMatchObject({ outcome: 'new' });
});

test('a gateway that begins beside others that have not looked yet lets nobody new in either', async () => {
  const { gateway: one, way } = await openBehindProxy();
  await admitAll(one, ['ann']);
  await redis.snapshot();
  way.swallow();
  await redis.goBack();
  const { gateway: late } = await openBehindProxy();
  await expectHeldFor(300, late);
  way.passOn();
  expect(await late.ask('bob', LATER)).toMatchObject({ outcome: 'new' });
});
