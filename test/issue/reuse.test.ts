import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Identity } from '../../src/domain/identity.ts';
import { monthOf } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE, type ServiceName } from '../../src/domain/service-name.ts';
import { type Issuing, NOW, SUPPORT, startIssuing } from './issuing.ts';
import { block, budgetOf, freeze, link } from './steer.ts';

const MONTH = monthOf(NOW);

let issuing: Issuing;

beforeEach(() => {
  issuing = startIssuing();
});

afterEach(() => issuing.close());

async function mintLog(service: ServiceName = DEFAULT_SERVICE, month = MONTH) {
  const { items } = await issuing.ledger.mints(service, month, { after: null, limit: 1000 });
  return items;
}

async function counted(service: ServiceName = DEFAULT_SERVICE) {
  const { all, minted, reused } = await issuing.ledger.totals(service, MONTH);
  return { all, minted, reused };
}

describe('asking again', () => {
  test('in the first half of its life gives the very same token, and one mint in the log', async () => {
    const { token, clock, ledger } = issuing;
    const first = await token('ada');
    clock.advance(1_799_000);
    const again = await token('ada', { intent: 'refresh', device: 'another' });

    expect(first.outcome).toBe('minted');
    expect(again).toEqual({
      ...first,
      outcome: 'reused',
      firstThisMonth: false,
      serverTimeMs: first.serverTimeMs + 1_799_000,
    });
    expect(await mintLog()).toHaveLength(1);
    expect(await counted()).toEqual({ all: 1, minted: 1, reused: 1 });
    expect((await ledger.identities(DEFAULT_SERVICE, MONTH, { after: null, limit: 10 })).items).toHaveLength(
      1,
    );
  });

  test('from half of its life on gives another one, for the same identity', async () => {
    const { token, clock } = issuing;
    const first = await token('ada');
    clock.advance(1_800_000);
    const later = await token('ada');

    expect(later).toMatchObject({ outcome: 'minted', identity: first.identity, firstThisMonth: false });
    expect(later.token).not.toBe(first.token);
    expect((await mintLog()).map(({ outcome }) => outcome)).toEqual(['new', 'known']);
    expect(await counted()).toEqual({ all: 1, minted: 2, reused: 0 });
  });

  test('under another policy mark gives another token, which is then the one to reuse', async () => {
    const { ledger, clock } = issuing;
    const first = await issuing.token('ada');
    const shorter = startIssuing({ ledger, clock, ttlSeconds: 1800 });
    const second = await shorter.token('ada');

    expect(second.outcome).toBe('minted');
    expect(second.expiresAt - second.issuedAt).toBe(1800);
    expect(second.token).not.toBe(first.token);
    expect((await shorter.token('ada')).token).toBe(second.token);
    expect((await issuing.token('ada')).outcome).toBe('minted');
  });

  test('in another service is another token, and another count', async () => {
    const here = await issuing.token('ada');
    const there = await issuing.token('ada', { service: 'support' });
    expect(there).toMatchObject({ outcome: 'minted', identity: here.identity, firstThisMonth: true });
    expect(there.token).not.toBe(here.token);
    expect(await counted()).toEqual({ all: 1, minted: 1, reused: 0 });
    expect(await counted(SUPPORT)).toEqual({ all: 1, minted: 1, reused: 0 });
  });

  test('many times at once mints once', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => issuing.token('ada')));
    expect(new Set(answers.map(({ token }) => token)).size).toBe(1);
    expect(answers.filter(({ outcome }) => outcome === 'minted')).toHaveLength(1);
    expect(answers.filter(({ firstThisMonth }) => firstThisMonth)).toHaveLength(1);
    expect(await counted()).toEqual({ all: 1, minted: 1, reused: 49 });
  });

  test('never reuses for the blocked', async () => {
    const { ledger, token, ask, steps } = issuing;
    const { identity } = await token('ada');
    await block(ledger, identity, true);
    steps.length = 0;
    expect(await ask('ada')).toEqual({
      outcome: 'refused',
      code: 'identity-blocked',
      detail: expect.not.stringContaining(identity),
    });
    expect(steps).not.toContain('mint');
    await block(ledger, identity, false);
    expect((await token('ada')).outcome).toBe('reused');
  });
});

describe('a link', () => {
  test('is followed: the token is for the other identity, and the log names both', async () => {
    const { ledger, token } = issuing;
    const own = (await token('grace')).identity;
    const guest = 'g_guest-before-login' as Identity;
    await link(ledger, own, guest);

    const linked = await token('grace');

    expect(linked.identity).toBe(guest);
    expect(JSON.parse(Buffer.from(linked.token.split('.')[1]!, 'base64url').toString())).toMatchObject({
      grants: { identity: guest },
    });
    expect((await mintLog()).at(-1)).toMatchObject({ identity: guest, subject: own });
    expect(await counted()).toEqual({ all: 2, minted: 2, reused: 0 });
  });

  test('to somebody blocked is refused', async () => {
    const { ledger, ask } = issuing;
    const { identity } = await issuing.token('ada');
    const blocked = 'g_blocked' as Identity;
    await link(ledger, identity, blocked);
    await block(ledger, blocked, true);
    expect(await ask('ada')).toMatchObject({ code: 'identity-blocked' });
  });
});

describe('under a budget', () => {
  test('one hundred people at once get exactly the ten places, and those who have one are served on', async () => {
    const { ledger, ask } = issuing;
    await ledger.configureBudget(DEFAULT_SERVICE, MONTH, budgetOf({ scopes: { all: 10 } }));
    const people = Array.from({ length: 100 }, (_, index) => `person-${index}`);

    const answers = await Promise.all(people.map((person) => ask(person)));

    const served = people.filter((_, index) => answers[index]!.outcome === 'minted');
    expect(served).toHaveLength(10);
    for (const answer of answers.filter(({ outcome }) => outcome === 'refused')) {
      expect(answer).toMatchObject({
        code: 'mau-budget-exhausted',
        budget: 'all',
        limit: 10,
        used: 10,
        month: '2026-11',
        resetsAt: '2026-12-01T00:00:00Z',
      });
      expect(answer).not.toHaveProperty('token');
    }
    issuing.clock.advance(3_600_000);
    for (const person of served) expect(await ask(person)).toMatchObject({ outcome: 'minted' });
    expect((await counted()).all).toBe(10);
  });

  test('a freeze stops newcomers only', async () => {
    const { ledger, ask } = issuing;
    await ask('ada');
    await freeze(ledger, MONTH, '2026-11-20T20:00:00Z');
    expect(await ask('grace')).toMatchObject({
      code: 'new-identities-frozen',
      since: '2026-11-20T20:00:00Z',
    });
    issuing.clock.advance(3_600_000);
    expect(await ask('ada')).toMatchObject({ outcome: 'minted', firstThisMonth: false });
  });
});
