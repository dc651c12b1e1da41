// Only Redis has several gateways.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Roll, type RollLine } from '../../../../src/ledger/redis/lost-data/roll.ts';

const RENEW_MS = 1_000;
const EPOCH = '32768-aa';
const own: RollLine = { server: 's1', told: EPOCH, remembers: false };

/** The lines that a store has after these gateways have signed in at it. */
function signIn(lines: Record<string, RollLine>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(lines).map(([name, line]) => [
      name,
      new Roll(name, RENEW_MS).changes(line, {}, 0).own as string,
    ]),
  );
}

describe('whoever was seen', () => {
  test('is waited for until it has looked at the server in question', () => {
    const roll = new Roll('me', RENEW_MS);
    roll.note(signIn({ other: own }), 's1', EPOCH, 0);
    expect([roll.haveLookedAt('s1'), roll.haveLookedAt('s2')]).toEqual([true, false]);
    roll.note(signIn({ other: { ...own, server: 's2' } }), 's2', EPOCH, 1);
    expect(roll.haveLookedAt('s2')).toBe(true);
  });

  test('is waited for and put back, when another server does not have its line', () => {
    const roll = new Roll('me', RENEW_MS);
    const lines = signIn({ other: own });
    roll.note(lines, 's1', EPOCH, 0);
    roll.note({}, 's2', EPOCH, 1);
    expect(roll.haveLookedAt('s2')).toBe(false);
    expect(roll.changes({ ...own, server: 's2' }, {}, 1).lost).toEqual(lines);
  });

  test('is forgotten when its line is taken away from where it was seen', () => {
    const roll = new Roll('me', RENEW_MS);
    roll.note(signIn({ other: own }), 's1', EPOCH, 0);
    roll.note({}, 's1', EPOCH, 1);
    expect(roll.haveLookedAt('s2')).toBe(true);
    expect(roll.changes(own, {}, 1).lost).toEqual({});
  });

  test('is gone when its line has stayed the same for long enough, in a store that answered', () => {
    const roll = new Roll('me', RENEW_MS);
    const lines = signIn({ other: own });
    roll.note(lines, 's1', EPOCH, 0);
    expect(roll.changes(own, lines, 3 * RENEW_MS).gone).toEqual([]);
    roll.interrupted(3 * RENEW_MS);
    expect(roll.changes(own, lines, 6 * RENEW_MS).gone).toEqual([]);
    expect(roll.changes(own, lines, 6 * RENEW_MS + 1).gone).toEqual(['other']);
    expect(roll.haveLookedAt('s2')).toBe(true);
  });
});

describe('a gateway writes its line', () => {
  test('when it says something else, when it is lost, and once in a while', () => {
    const roll = new Roll('me', RENEW_MS);
    const first = roll.changes(own, {}, 0).own as string;
    expect(first).not.toBeNull();
    expect(roll.changes(own, { me: first }, 1).own).toBeNull();
    expect(roll.changes(own, {}, 1).own).not.toBeNull();
    const second = roll.changes({ ...own, server: 's2' }, { me: first }, 2).own as string;
    expect(second).toMatch(/^s2 /);
    expect(roll.changes({ ...own, server: 's2' }, { me: second }, RENEW_MS + 2).own).not.toBeNull();
  });

  test('so that it never stays the same', () => {
    const roll = new Roll('me', RENEW_MS);
    const lines = Array.from({ length: 50 }, (_, turn) => roll.changes(own, {}, turn * RENEW_MS).own);
    expect(new Set(lines).size).toBe(50);
  });

  test('and reads that of others as it was meant', () => {
    const text = fc.stringMatching(/^[\da-f-]{0,20}$/);
    fc.assert(
      fc.property(text, text, fc.boolean(), (server, told, remembers) => {
        const roll = new Roll('me', RENEW_MS);
        roll.note(signIn({ other: { server, told, remembers } }), 's1', EPOCH, 0);
        expect(roll.haveLookedAt(server)).toBe(true);
        expect(roll.haveLookedAt(`${server}!`)).toBe(false);
        expect(roll.haveTold(told, { ...own, told })).toBe(remembers);
      }),
    );
  });
});

test('all have told only when somebody among them was there before the loss', () => {
  const roll = new Roll('me', RENEW_MS);
  const late = { ...own, told: 'e2' };
  expect(roll.haveTold('e2', late)).toBe(false);
  expect(roll.haveTold('e2', { ...late, remembers: true })).toBe(true);
  roll.note(signIn({ other: { ...late, remembers: true } }), 's1', 'e2', 0);
  expect(roll.haveTold('e2', late)).toBe(true);
  roll.note(signIn({ other: { ...late, remembers: true }, third: own }), 's1', 'e2', 0);
  expect(roll.haveTold('e2', late)).toBe(false);
});

test('garbled lines name no server and nothing told', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!/^(s1|\S* e2)/.test(text));
      const roll = new Roll('me', RENEW_MS);
      roll.note({ other: text }, 's1', EPOCH, 0);
      expect([roll.haveLookedAt('s1'), roll.haveTold('e2', { ...own, told: 'e2' })]).toEqual([false, false]);
    }),
  );
});
