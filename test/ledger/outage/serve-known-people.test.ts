import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_SERVICE } from '../../../src/domain/service-name.ts';
import type { Admitted, LedgerRefusal } from '../../../src/ledger/ledger.ts';
import { auditOf, identityOf, seconds } from '../contract/builders.ts';
import { type OutageCase, type OutageOptions, openOutageCase, readBooks } from './outage-case.ts';

let c: OutageCase;

afterEach(() => c.close());

function start(options?: OutageOptions): OutageCase {
  c = openOutageCase(options);
  return c;
}

function expectAdmitted(answer: Admitted | LedgerRefusal): Admitted {
  if (answer.outcome === 'refused') throw new Error(answer.code);
  return answer;
}

const AWAY = { code: 'ledger-unavailable' };

describe('while the ledger is away', () => {
  test('somebody known gets the token they have, for the first half of its life', async () => {
    const { admit, jtiOf } = start();
    const first = expectAdmitted(await admit('ann', '2026-11-20T09:00:00Z'));
    c.isAway = true;
    const again = expectAdmitted(await admit('ann', '2026-11-20T09:29:59Z'));
    expect(again).toMatchObject({ outcome: 'reuse', issuedAt: first.issuedAt, withoutLedger: true });
    expect(jtiOf(again)).toBe(jtiOf(first));
    expect(c.events).toEqual([]);
    expect(c.served).toEqual(['reused']);
  });

  test('and then a new one, which stands in the journal first and in the ledger later', async () => {
    const { admit, jtiOf } = start();
    const first = expectAdmitted(await admit('ann', '2026-11-20T09:00:00Z', { tenant: 'acme' }));
    c.isAway = true;
    const second = expectAdmitted(await admit('ann', '2026-11-20T09:30:00Z', { tenant: 'acme' }));
    expect(second).toMatchObject({ outcome: 'known', ordinal: 0, withoutLedger: true });
    const third = expectAdmitted(await admit('ann', '2026-11-20T09:40:00Z'));
    expect(third).toMatchObject({ outcome: 'reuse', issuedAt: second.issuedAt });
    const fourth = expectAdmitted(await admit('ann', '2026-11-20T09:40:00Z', { policyMark: 2 }));
    expect(fourth).toMatchObject({ outcome: 'known' });
    expect(jtiOf(third)).toBe(jtiOf(second));
    expect(new Set([first, second, fourth].map(jtiOf)).size).toBe(3);
    expect(c.events.map(({ kind }) => kind)).toContain('appended');

    c.isAway = false;
    await c.untilReplayed();
    const { people, mints, totals } = await readBooks(c, '2026-11');
    expect(people).toMatchObject([{ identity: 'ann', tenant: 'acme', mints: 3 }]);
    expect(mints.map(({ issuedAt, outcome }) => [issuedAt, outcome])).toEqual([
      [first.issuedAt, 'new'],
      [second.issuedAt, 'known'],
      [fourth.issuedAt, 'known'],
    ]);
    expect(totals).toMatchObject({ all: 1, minted: 3, reused: 0 });
  });

  test('strangers hear that it is away, and so does whoever was refused for what they are', async () => {
    const { admit } = start();
    const block = { kind: 'block', identity: identityOf('bob'), blocked: true } as const;
    const terms = { audit: auditOf('block'), expected: null, idempotency: null };
    await admit('bob', '2026-11-20T09:00:00Z');
    await admit('cleo', '2026-11-20T09:00:00Z');
    // By another gateway, and by this one.
    await c.store.change(DEFAULT_SERVICE, block, terms);
    expect(await admit('bob', '2026-11-20T09:01:00Z')).toMatchObject({ code: 'identity-blocked' });
    await c.ledger.change(DEFAULT_SERVICE, { ...block, identity: identityOf('cleo') }, terms);
    c.isAway = true;
    for (const person of ['ann', 'bob', 'cleo']) {
      await expect(admit(person, '2026-11-20T09:02:00Z')).rejects.toMatchObject(AWAY);
    }
    expect(c.people.size).toBe(0);
  });

  test('whoever was linked or adopted meanwhile is not served as before', async () => {
    const { admit } = start();
    await admit('guest', '2026-11-20T09:00:00Z');
    const [guest, member] = [identityOf('guest'), identityOf('ann')];
    const outcome = await c.ledger.adopt(DEFAULT_SERVICE, { guest, member, at: Date.parse('2026-11-20') });
    expect(outcome.outcome).toBe('adopted');
    c.isAway = true;
    await expect(admit('guest', '2026-11-20T09:02:00Z')).rejects.toMatchObject(AWAY);
    c.isAway = false;
    expect(await admit('ann', '2026-11-20T09:40:00Z')).toMatchObject({ identity: 'guest' });
    c.isAway = true;
    expect(await admit('ann', '2026-11-20T09:41:00Z')).toMatchObject({ outcome: 'reuse', identity: 'guest' });
  });

  test('nobody is served without a journal, nor by one that is full', async () => {
    const { admit } = start({ journal: false });
    await admit('ann', '2026-11-20T09:00:00Z');
    c.isAway = true;
    await expect(admit('ann', '2026-11-20T09:01:00Z')).rejects.toMatchObject(AWAY);
    await c.close();

    start({ bytesMax: 500 });
    const people = ['ann', 'bob', 'cleo', 'dora'];
    for (const person of people) await c.admit(person, '2026-11-20T09:00:00Z');
    c.isAway = true;
    const answers = await Promise.allSettled(people.map((person) => c.admit(person, '2026-11-20T10:00:00Z')));
    const served = answers.filter(({ status }) => status === 'fulfilled').length;
    expect(served).toBeGreaterThan(0);
    expect(served).toBeLessThan(people.length);
    expect(answers.at(-1)).toMatchObject({ status: 'rejected', reason: AWAY });
    expect(c.events.filter(({ kind }) => kind === 'refused')).toHaveLength(people.length - served);
    c.isAway = false;
    await c.untilReplayed();
    expect((await readBooks(c, '2026-11')).mints).toHaveLength(people.length + served);
  });
});

describe('at the end of a month', () => {
  const END = seconds('2026-12-01T00:00:00Z');

  test('a token is cut to stay in the month that is known, and ends with it', async () => {
    const { admit } = start();
    await admit('ann', '2026-11-30T20:00:00Z');
    c.isAway = true;
    expect(await admit('ann', '2026-11-30T23:56:30Z')).toMatchObject({ expiresAt: END - 5 });
    await expect(admit('ann', '2026-11-30T23:59:00Z', { policyMark: 2 })).rejects.toMatchObject(AWAY);
    await expect(admit('ann', '2026-12-01T00:00:01Z')).rejects.toMatchObject(AWAY);
    c.isAway = false;
    await c.untilReplayed();
    expect((await readBooks(c, '2026-12')).totals.all).toBe(0);
    expect(await admit('ann', '2026-12-01T00:10:00Z')).toMatchObject({ outcome: 'new' });
  });

  test('whoever is in both months goes on', async () => {
    const { admit } = start();
    await admit('ann', '2026-11-30T23:57:00Z');
    c.isAway = true;
    const over = expectAdmitted(await admit('ann', '2026-11-30T23:58:00Z', { policyMark: 2 }));
    expect(over.expiresAt).toBe(seconds('2026-12-01T00:58:00Z'));
    expect(await admit('ann', '2026-12-01T00:00:02Z', { policyMark: 2 })).toMatchObject({ outcome: 'known' });
    expect(await admit('ann', '2026-12-01T01:00:00Z', { policyMark: 2 })).toMatchObject({ outcome: 'known' });
    c.isAway = false;
    await c.untilReplayed();
    expect((await readBooks(c, '2026-11')).mints).toHaveLength(2);
    const december = await readBooks(c, '2026-12');
    expect(december.mints).toHaveLength(2);
    expect(december.people).toMatchObject([{ identity: 'ann', mints: 2 }]);
  });
});

test('whatever comes and goes, every token has one row, nobody is counted twice, and no jti repeats', async () => {
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('admit' as const), person: fc.nat(3) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('switch' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }), async (steps) => {
      start();
      const tokens = new Map<string, Admitted>();
      let [now, refused] = [Date.parse('2026-11-30T22:00:00Z'), 0];
      const seen = new Set<string>();
      for (const one of steps) {
        now += 150_000;
        if (one.kind === 'switch') c.isAway = !c.isAway;
        if (one.kind === 'restart') {
          await c.restart();
          seen.clear();
        }
        if (one.kind !== 'admit') continue;
        const person = `p${one.person}`;
        const answer = await c.admit(person, new Date(now).toISOString()).catch(() => null);
        if (answer === null) {
          refused += 1;
          // Only who is not known in every month of the token's life.
          expect(c.isAway && (!seen.has(person) || now > Date.parse('2026-11-30T23:54:00Z'))).toBe(true);
          continue;
        }
        seen.add(person);
        const token = expectAdmitted(answer);
        const jti = c.jtiOf(token);
        if (token.outcome !== 'reuse') expect(tokens.has(jti)).toBe(false);
        tokens.set(jti, token);
      }
      c.isAway = false;
      await c.untilReplayed();
      const books = [await readBooks(c, '2026-11'), await readBooks(c, '2026-12')];
      const rows = books.flatMap(({ mints }) =>
        mints.map((row) => `${row.identity} ${row.issuedAt} ${row.expiresAt}`),
      );
      const expected = [...tokens.values()].map(
        (token) => `${token.identity} ${token.issuedAt} ${token.expiresAt}`,
      );
      expect(rows.sort()).toEqual(expected.sort());
      for (const { people, totals } of books) expect(totals.all).toBe(people.length);
      expect(refused).toBeGreaterThanOrEqual(0);
      await c.close();
    }),
    { numRuns: 60, interruptAfterTimeLimit: 15_000 },
  );
  start();
});
