// Only Redis can come back with less than it had: the embedded ledger is one file of one process, and synced.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { identityOf } from '../contract/builders.ts';
import { GatewayCase, isRefusedByBudget, untilAnswered } from './gateway-case.ts';
import { OlderRedis } from './older-redis.ts';

const MONTH = '2026-11';
const AT = '2026-11-20T09:00:00Z';
const LATER = '2026-11-20T09:40:00Z';
const LIMIT = 12;

let redis: OlderRedis;
let one: GatewayCase;
let two: GatewayCase;

beforeEach(async () => {
  redis = await OlderRedis.start();
  const connection = { kind: 'single', url: redis.url } as const;
  one = await GatewayCase.open(connection);
  two = await GatewayCase.open(connection, one);
  for (const gateway of [one, two]) await gateway.budget(MONTH, { scopes: { all: LIMIT } });
});
afterEach(async () => {
  await one.ledger.close();
  await two.ledger.close();
  await redis.stop();
});

async function admitAll(gateway: GatewayCase, people: readonly string[]): Promise<number[]> {
  const ordinals: number[] = [];
  for (const person of people) {
    const answer = await gateway.admit(person, AT);
    expect(answer).toMatchObject({ outcome: 'new' });
    if (answer.outcome !== 'refused') ordinals.push(answer.ordinal);
  }
  return ordinals;
}

describe.each([
  ['goes back to an older snapshot', () => redis.goBack()],
  ['is emptied while it runs', () => redis.empty()],
])('a store that %s', (_what, loseData) => {
  test('has everybody again whom either gateway admitted, and nobody above the limit', async () => {
    const ordinals = await admitAll(one, ['ann', 'bob', 'cid']);
    await redis.snapshot();
    ordinals.push(...(await admitAll(one, ['dan', 'eve'])), ...(await admitAll(two, ['fay', 'gus', 'hal'])));
    const admitted = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay', 'gus', 'hal'];

    await loseData();

    const strangers = Array.from({ length: 16 }, (_, at) => `stranger-${at}`);
    const [answers, known] = await Promise.all([
      Promise.all(strangers.map((person, at) => (at % 2 ? one : two).ask(person, LATER))),
      Promise.all(admitted.map((person, at) => (at % 2 ? one : two).ask(person, LATER))),
    ]);
    expect(known.filter(isRefusedByBudget)).toEqual([]);
    expect(answers.filter(({ outcome }) => outcome === 'new')).toHaveLength(LIMIT - admitted.length);
    expect(answers.filter(isRefusedByBudget)).toHaveLength(strangers.length - (LIMIT - admitted.length));

    const people = await one.people(MONTH);
    expect(people.map(({ identity }) => String(identity))).toEqual(expect.arrayContaining(admitted));
    expect(people).toHaveLength(LIMIT);
    expect((await one.totals(MONTH)).all).toBe(LIMIT);

    for (const gateway of [one, two]) {
      await gateway.said('restored');
      expect(gateway.sayings()).toEqual(['lost', 'restored']);
    }
    for (const answer of [...known, ...answers]) {
      if (answer.outcome !== 'new') continue;
      // Newcomers wait until the numbers of every gateway are known.
      expect(ordinals).not.toContain(answer.ordinal);
    }
  });

  test('has the limits again that an operator set, and knows who was stopped', async () => {
    await redis.snapshot();
    await one.admit('ann', AT, { className: 'guest', tenant: 'acme' });
    const scopes = { all: 3, 'class:agent': 2, 'tenant:umbrella': 9 };
    await one.setBudget(MONTH, { scopes, reserve: { agent: 1 }, thresholds: [80] });
    await two.raise('r1', { until: '2026-11-30T00:00:00Z', scope: 'class:agent', identities: 4 });
    await two.block('mallory');
    await one.freeze(MONTH, AT);
    const before = await two.limits(MONTH);
    expect(before).toMatchObject({ source: 'operator', frozenSince: AT, raises: [{ id: 'r1' }] });
    await Promise.all([one.looked(), two.looked()]);

    await loseData();
    await Promise.all([one.said('restored'), two.said('restored')]);

    expect(await one.limits(MONTH)).toEqual(before);
    expect(await one.ask('mallory', LATER)).toMatchObject({ outcome: 'refused', code: 'identity-blocked' });
    expect(await two.ask('bob', LATER)).toMatchObject({ code: 'new-identities-frozen' });
    expect(await one.ask('ann', LATER)).toMatchObject({ outcome: 'known' });
  });

  test('serves as before whom a link of that time names', async () => {
    await admitAll(one, ['guest-1']);
    await redis.snapshot();
    expect(await two.adopt('guest-1', 'ann')).toMatchObject({ outcome: 'adopted' });
    expect(await two.admit('ann', AT)).toMatchObject({ identity: 'guest-1' });
    await one.looked();
    await loseData();
    await Promise.all([one.said('restored'), two.said('restored')]);
    expect(await one.ask('ann', LATER)).toMatchObject({ outcome: 'known', identity: 'guest-1' });
    expect((await one.totals(MONTH)).all).toBe(1);
  });

  test('lets an operator change limits only when the earlier ones are back', async () => {
    await redis.snapshot();
    await one.setBudget(MONTH, { scopes: { all: 5 } });
    await one.admit('ann', AT);
    await Promise.all([one.looked(), two.looked()]);
    await loseData();
    await untilAnswered(() => two.ledger.ping(two.service));
    await untilAnswered(() => two.setBudget(MONTH, { scopes: { all: 6 } }));
    await Promise.all([one.looked(), two.looked()]);
    expect((await one.limits(MONTH)).budget?.scopes).toEqual({ all: 6 });
  });
});

describe('a store that goes back to an older snapshot', () => {
  test('hands no guest to a member of whom it does not know any more that they were counted', async () => {
    await admitAll(one, ['guest-1']);
    await redis.snapshot();
    await admitAll(two, ['ann']);
    await redis.goBack();
    expect(await untilAnswered(() => two.adopt('guest-1', 'ann'))).toMatchObject({
      reason: 'member-has-identity',
    });
    expect((await one.totals(MONTH)).all).toBe(2);
    expect(await one.ask('ann', LATER)).toMatchObject({ outcome: 'known', identity: 'ann' });
  });

  test('is found out by evidence that is gone, too, though no mint was lost', async () => {
    await admitAll(one, ['ann']);
    await redis.snapshot();
    await two.see('bob', 'messaged', AT);
    await one.looked();
    await redis.goBack();
    await one.said('lost');
    expect(one.sayings()[0]).toBe('lost');
  });

  test('serves again whom an operator had stopped then, but not any more', async () => {
    await admitAll(one, ['ann']);
    await one.block('ann');
    await redis.snapshot();
    await two.block('ann', false);
    await one.looked();
    await redis.goBack();
    await Promise.all([one.said('restored'), two.said('restored')]);
    expect(await one.ask('ann', LATER)).toMatchObject({ outcome: 'known' });
  });

  test('does not show again whom an operator erased meanwhile', async () => {
    await admitAll(one, ['ann', 'bob']);
    await redis.snapshot();
    await two.erase('ann', 'nobody-1');
    await Promise.all([one.looked(), two.looked()]);
    await redis.goBack();
    await Promise.all([one.said('restored'), two.said('restored')]);
    const people = (await one.people(MONTH)).map(({ identity }) => String(identity));
    expect(people.toSorted()).toEqual(['bob', 'nobody-1']);
    expect((await one.mints(MONTH)).map(({ identity }) => String(identity))).not.toContain('ann');
    expect((await one.audit()).map(({ action }) => action)).toContain('person.erase-again');
  });

  test('holds newcomers at the guard as well, and lets in whom it still has', async () => {
    await admitAll(one, ['ann']);
    await redis.snapshot();
    await admitAll(one, ['bob']);
    const join = (person: string) =>
      one.ledger.join(one.service, {
        ...{ identity: identityOf(person), signal: 'joined', className: 'unknown', at: Date.parse(LATER) },
      });
    await redis.goBack();
    expect(await untilAnswered(() => join('ann'))).toBe('known');
    expect(await untilAnswered(() => join('cid'))).toBe('counted');
    expect(one.sayings()).toEqual(['lost', 'restored']);
    expect((await one.totals(MONTH)).all).toBe(3);
  });

  test('is told of both months of a token over their border', async () => {
    await one.admit('ann', '2026-11-30T23:50:00Z', { ttlSeconds: 3_600, spread: 30 });
    const [november, december] = [await one.totals('2026-11'), await one.totals('2026-12')];
    await redis.goBack();
    await one.said('restored');
    expect((await one.totals('2026-11')).all).toBe(november.all);
    expect((await one.totals('2026-12')).all).toBe(december.all);
  });
});

describe('newcomers do not wait, and nobody is alarmed,', () => {
  test('when scripts were flushed', async () => {
    await admitAll(one, ['ann']);
    await redis.forgetScripts();
    await admitAll(one, ['bob']);
    await admitAll(two, ['cid']);
    expect([...one.sayings(), ...two.sayings()]).toEqual([]);
  });

  test('when the connection was cut', async () => {
    await admitAll(one, ['ann']);
    await redis.cutConnections();
    // For one look, not for the fixed times.
    expect(await one.ask('bob', AT)).toMatchObject({ outcome: 'new' });
    expect([...one.sayings(), ...two.sayings()]).toEqual([]);
  });

  test('when two gateways mint at once for a while', async () => {
    const people = Array.from({ length: 300 }, (_, at) => `person-${at}`);
    for (const gateway of [one, two]) await gateway.setBudget(MONTH, { scopes: { all: 1_000 } });
    await Promise.all(people.map((person, at) => (at % 2 ? one : two).admit(person, AT)));
    await Promise.all([one.looked(), two.looked()]);
    expect((await one.totals(MONTH)).all).toBe(300);
    expect([...one.sayings(), ...two.sayings()]).toEqual([]);
  });
});
