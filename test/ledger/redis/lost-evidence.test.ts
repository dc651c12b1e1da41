// Only Redis can come back with less than it had: the embedded ledger is one file of one process, and synced.
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { conversationSid, evidenceOf, identityOf } from '../contract/builders.ts';
import { GatewayCase, untilAnswered } from './gateway-case.ts';
import { OlderRedis } from './older-redis.ts';

const MONTH = '2026-11';
const AT = '2026-11-20T09:00:00Z';
const LATER = '2026-11-20T09:40:00Z';
const TOLD_MS_MAX = 10_000;

let redis: OlderRedis;
let gateway: GatewayCase;

beforeEach(async () => {
  redis = await OlderRedis.start();
  gateway = await GatewayCase.open({ kind: 'single', url: redis.url });
});
afterEach(async () => {
  await gateway.ledger.close();
  await redis.stop();
});

/** The store as it was, with a server that did not see the last writes. */
async function goBack(): Promise<void> {
  await redis.goBack();
  await untilAnswered(() => gateway.totals(MONTH));
  await gateway.looked();
}

/** What is read once it is as wanted; else what it is after a while. A look does not wait for what another one tells. */
async function soon<Value>(wanted: Value, read: () => Promise<Value>): Promise<Value> {
  const giveUpAt = performance.now() + TOLD_MS_MAX;
  let value = await read();
  while (!isDeepStrictEqual(value, wanted) && performance.now() < giveUpAt) {
    await sleep(20);
    value = await read();
  }
  return value;
}

/** Who is in the month, with every signal, its minute and source. */
async function everybody() {
  const people = await gateway.people(MONTH);
  return new Map(
    people.map(({ identity, className, signals }) => [String(identity), { className, signals }]),
  );
}

describe('a store that lacks evidence and no mint', () => {
  test('is told it again, though no count shows that it is missing', async () => {
    await gateway.admit('ann', AT);
    await gateway.looked();
    await redis.snapshot();
    await gateway.see('ann', 'connected', AT);
    await gateway.see('ann', 'messaged', LATER);
    await gateway.see('ann', 'messaged', AT);
    const before = await everybody();

    await goBack();

    expect(before.get('ann')?.signals).toContainEqual(expect.objectContaining({ signal: 'messaged' }));
    expect(await soon(before, everybody)).toEqual(before);
    expect(gateway.sayings()).toEqual([]);
  });

  test('has each person, message and signal once, also what it had not lost', async () => {
    await gateway.see('ann', 'connected', AT);
    await redis.snapshot();
    await gateway.see('bob', 'connected', AT);
    await gateway.ledger.join(gateway.service, {
      ...{ identity: identityOf('cid'), signal: 'joined', className: 'member', at: Date.parse(AT) },
    });
    const totals = await gateway.totals(MONTH);

    await goBack();

    expect(await soon(totals, () => gateway.totals(MONTH))).toEqual(totals);
    expect([...(await everybody()).keys()].sort()).toEqual(['ann', 'bob', 'cid']);
  });

  test('knows again what waits for whom', async () => {
    const conversation = conversationSid(1);
    const at = Date.parse(AT);
    const bob = identityOf('bob');
    await gateway.see('bob', 'joined', AT);
    await gateway.ledger.record(
      gateway.service,
      [],
      [{ kind: 'member', conversation, identity: bob, lastRead: null, at }],
    );
    await redis.snapshot();
    await gateway.ledger.record(
      gateway.service,
      [],
      [{ kind: 'message', conversation, index: 4, author: null, at }],
    );

    await goBack();

    const unread = [{ sid: conversation, unread: 5 }];
    const read = async () => (await gateway.ledger.unread(gateway.service, bob)).conversations;
    expect(await soon(unread, read)).toEqual(unread);
  });
});

test('people whom an emptied store is told of keep the class of their mint', async () => {
  await gateway.admit('ann', AT, { className: 'agent' });
  await gateway.see('ann', 'connected', AT);
  const before = await everybody();
  await gateway.looked();

  await redis.empty();
  await gateway.said('restored');
  await gateway.looked();

  expect(before.get('ann')).toMatchObject({ className: 'agent' });
  expect(await soon(before, everybody)).toEqual(before);
});

test('whoever was erased stays erased', async () => {
  await gateway.see('ann', 'connected', AT);
  await gateway.erase('ann', 'nobody-1', LATER);
  const before = await everybody();
  await gateway.looked();
  await redis.snapshot();

  await goBack();

  expect(before.has('ann')).toBe(false);
  expect(await everybody()).toEqual(before);
});

test('no more is kept than fits: the oldest is forgotten first', async () => {
  await redis.snapshot();
  const at = '2026-11-20T09:00:00Z';
  // Each piece some 60 characters as text; the first ones are pushed out.
  const crowd = Array.from({ length: 200 }, (_, number) => `person-${String(number).padStart(100, '0')}`);
  await gateway.see('first', 'connected', at);
  for (let turn = 0; turn < 200; turn++) {
    const pieces = crowd.map((person) => evidenceOf(person, 'connected', at));
    await gateway.ledger.record(gateway.service, pieces);
  }

  await goBack();

  const names = async () => [...(await everybody()).keys()].sort();
  expect(await soon(crowd, names)).toEqual(crowd);
});
