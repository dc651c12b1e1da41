import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { monthOf } from '../../../src/domain/month.ts';
import { DEFAULT_SERVICE, parseServiceName } from '../../../src/domain/service-name.ts';
import { planTokenLife } from '../../../src/domain/token-life.ts';
import type { AdmitRequest, Admitted } from '../../../src/ledger/ledger.ts';
import { isKnownIn, KnownPeople } from '../../../src/ledger/outage/known-people.ts';
import { identityOf, monthNamed, seconds } from '../contract/builders.ts';

const SHOP = parseServiceName('shop')!;

function ask(person: string, at: string | number, rest: Partial<AdmitRequest> = {}): AdmitRequest {
  const life = planTokenLife(typeof at === 'number' ? at : Date.parse(at), 3_600, 0);
  return {
    ...{ service: DEFAULT_SERVICE, identity: identityOf(person), className: 'member', tenant: null },
    ...{ intent: 'open_chat', rule: 'open-chat', life, policyMark: 1 },
    ...{ knownOnly: false, needsReason: false, hidden: false, ...rest },
  };
}

/** The ledger's answer to a mint that it has not cut. */
function admitted({ identity, life }: AdmitRequest, rest: Partial<Admitted> = {}): Admitted {
  const { issuedAt, expiresAt, month } = life;
  return { outcome: 'known', identity, issuedAt, expiresAt, ordinal: 1, month, ...rest };
}

describe('known people', () => {
  test('are found by their own identity, in their service', () => {
    const people = new KnownPeople(10);
    const asked = ask('ann', '2026-11-20T09:00:00Z', { className: 'guest', tenant: 'acme' });
    people.remember(asked, admitted(asked, { identity: identityOf('guest-ann'), ordinal: 7 }));
    expect(people.find(DEFAULT_SERVICE, identityOf('ann'))).toEqual({
      ...{ service: DEFAULT_SERVICE, own: 'ann', identity: 'guest-ann', className: 'guest', tenant: 'acme' },
      ...{ intent: 'open_chat', rule: 'open-chat', month: '2026-11', alsoBefore: false },
      ...{ firstSeen: asked.life.issuedAt, issuedAt: asked.life.issuedAt, expiresAt: asked.life.expiresAt },
      ...{ ordinal: 7, journalMark: null, policyMark: 1, order: 1 },
    });
    expect(people.find(SHOP, identityOf('ann'))).toBeNull();
    expect(people.find(DEFAULT_SERVICE, identityOf('guest-ann'))).toBeNull();
  });

  test('have an order, and the last whose mint the ledger counted is known', () => {
    const people = new KnownPeople(10);
    const [ann, bob, cid, dan] = ['ann', 'bob', 'cid', 'dan'].map((name) =>
      ask(name, '2026-11-20T09:00:00Z'),
    );
    expect([people.order, people.lastMinted(DEFAULT_SERVICE)]).toEqual([0, null]);
    people.remember(ann!, admitted(ann!, { ordinal: 1 }));
    people.remember(bob!, admitted(bob!, { outcome: 'new', ordinal: 2 }));
    people.remember(cid!, admitted(cid!, { outcome: 'reuse', ordinal: 1 }));
    people.remember(dan!, admitted(dan!, { ordinal: 0, journalMark: 'j1' }));
    expect([people.order, people.lastMinted(DEFAULT_SERVICE)?.own]).toEqual([4, 'bob']);
    expect(people.lastMinted(SHOP)).toBeNull();
    expect([...people.of(DEFAULT_SERVICE)].map(({ own, order }) => [own, order])).toEqual([
      ...[
        ['dan', 4],
        ['cid', 3],
        ['bob', 2],
        ['ann', 1],
      ],
    ]);
    people.forget(DEFAULT_SERVICE, identityOf('bob'));
    expect(people.lastMinted(DEFAULT_SERVICE)).toBeNull();
  });

  test('have the token that was given last, also when answers come in another order', () => {
    const people = new KnownPeople(10);
    const [first, second] = [ask('ann', '2026-11-20T09:00:00Z'), ask('ann', '2026-11-20T11:00:00Z')];
    people.remember(second, admitted(second, { ordinal: 2 }));
    people.remember(first, admitted(first, { ordinal: 1 }));
    expect(people.find(DEFAULT_SERVICE, identityOf('ann'))).toMatchObject({
      ...{ ordinal: 2, issuedAt: second.life.issuedAt },
    });
  });

  test('are in a second month only by a token that reaches into it', () => {
    const people = new KnownPeople(10);
    const [october, november] = [monthNamed('2026-10'), monthNamed('2026-11')];
    const late = ask('ann', '2026-10-31T23:58:00Z');
    people.remember(late, admitted(late, { expiresAt: seconds('2026-10-31T23:59:55Z') }));
    expect(isKnownIn(people.find(DEFAULT_SERVICE, late.identity)!, november)).toBe(false);
    people.remember(late, admitted(late));
    const ann = people.find(DEFAULT_SERVICE, late.identity)!;
    expect([isKnownIn(ann, october), isKnownIn(ann, november)]).toEqual([true, true]);
    expect(isKnownIn(ann, monthNamed('2026-09'))).toBe(false);

    const early = ask('bob', '2026-11-01T00:00:03Z');
    people.remember(early, admitted(early, { issuedAt: seconds('2026-11-01T00:00:05Z') }));
    expect(isKnownIn(people.find(DEFAULT_SERVICE, early.identity)!, october)).toBe(false);
    people.remember(early, admitted(early, { outcome: 'reuse', issuedAt: seconds('2026-10-31T23:59:00Z') }));
    expect(isKnownIn(people.find(DEFAULT_SERVICE, early.identity)!, october)).toBe(true);
  });

  test('are forgotten one by one, by what they are served as, and when they are too many', () => {
    const people = new KnownPeople(3);
    for (const name of ['ann', 'bob', 'cleo']) {
      const asked = ask(name, '2026-11-20T09:00:00Z');
      people.remember(asked, admitted(asked, { identity: identityOf(`as-${name}`) }));
    }
    people.forget(DEFAULT_SERVICE, identityOf('ann'));
    people.forgetServedAs(DEFAULT_SERVICE, [identityOf('as-bob')]);
    expect([...people.of(DEFAULT_SERVICE)].map(({ own }) => own)).toEqual(['cleo']);
    for (const name of ['dora', 'eve', 'finn']) {
      const asked = ask(name, '2026-11-20T09:00:00Z');
      people.remember(asked, admitted(asked));
    }
    expect([...people.of(DEFAULT_SERVICE)].map(({ own }) => own)).toEqual(['finn', 'eve', 'dora']);
    expect([...people.of(SHOP)]).toEqual([]);
  });

  test('are in a month if and only if a token of theirs was for it, of the last two', () => {
    const instants = fc.integer({
      min: Date.parse('2026-09-30T23:00:00Z'),
      max: Date.parse('2026-12-01T01:00:00Z'),
    });
    const edges = fc
      .constantFrom('2026-10-01', '2026-11-01', '2026-12-01')
      .chain((day) => fc.integer({ min: -400_000, max: 10_000 }).map((ms) => Date.parse(day) + ms));
    fc.assert(
      fc.property(fc.array(fc.oneof(instants, edges), { minLength: 1, maxLength: 12 }), (times) => {
        const people = new KnownPeople(10);
        const months = new Set<string>();
        for (const time of times.toSorted((a, b) => a - b)) {
          const asked = ask('ann', time);
          people.remember(asked, admitted(asked));
          months.add(asked.life.month);
          if (asked.life.otherMonth !== null) months.add(asked.life.otherMonth);
        }
        const ann = people.find(DEFAULT_SERVICE, identityOf('ann'))!;
        const latest = [...months].sort().slice(-2);
        for (const day of ['2026-09-15', '2026-10-15', '2026-11-15', '2026-12-15']) {
          const month = monthOf(Date.parse(day));
          const isLate =
            month === latest.at(-1) || Date.parse(`${latest.at(-1)}-01`) - Date.parse(day) < 32 * 86_400_000;
          expect([month, isKnownIn(ann, month)]).toEqual([month, months.has(month) && isLate]);
        }
      }),
    );
  });
});
