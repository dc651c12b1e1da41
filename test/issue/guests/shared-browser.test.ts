import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createGuestCookie } from '../../../src/auth/guest-cookie.ts';
import { createGuestCredentials } from '../../../src/auth/guest-credentials.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { DEFAULT_SERVICE } from '../../../src/domain/service-name.ts';
import { planTokenLife } from '../../../src/domain/token-life.ts';
import { createRateLimiter } from '../../../src/http/limits.ts';
import { createEnterGuest } from '../../../src/issue/guests/enter-guest.ts';
import { createLinkGuest } from '../../../src/issue/guests/link-guest.ts';
import { createIdentityResolver } from '../../../src/issue/resolve-identity.ts';
import { openSqliteLedger } from '../../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { settableClock } from '../../support/clock.ts';

const NOW_MS = Date.parse('2026-11-20T21:00:00Z');
const NO_CREDENTIALS = {
  authorization: undefined,
  apiKey: undefined,
  subject: undefined,
  cookie: undefined,
  originTrusted: true,
};

/** What people do at browsers: each has one guest at a time, and anybody may sit down before any of them. */
type Act =
  | { kind: 'enter'; browser: number }
  | { kind: 'chat-as-guest'; browser: number }
  | { kind: 'chat-as-member'; member: number }
  | { kind: 'link'; browser: number; member: number };

const browser = fc.nat({ max: 2 });
const member = fc.nat({ max: 3 });
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant('enter' as const), browser }),
  fc.record({ kind: fc.constant('chat-as-guest' as const), browser }),
  fc.record({ kind: fc.constant('chat-as-member' as const), member }),
  fc.record({ kind: fc.constant('link' as const), browser, member }),
);

function createHouse() {
  const clock = settableClock(NOW_MS);
  const ledger = openSqliteLedger({ path: ':memory:' });
  const credentials = createGuestCredentials({
    secrets: { current: 'cookie-secret', previous: null },
    className: 'guest',
    rememberedMax: 100,
  });
  const resolveIdentity = createIdentityResolver({
    strategy: 'opaque',
    secret: 'identity-secret-of-the-tests-0001',
    foldCase: false,
    prefixes: { guest: 'g_', member: 'm_' },
    rememberedMax: 100,
  });
  const limiter = createRateLimiter({ perMinute: 1_000_000, clock });
  const enter = createEnterGuest({ credentials, resolveIdentity, ledger, limiter, newGuests: limiter });
  const link = createLinkGuest({
    guests: { credentials, cookie: createGuestCookie(true) },
    authenticator: { authenticate: ({ authorization = '' }) => memberOf(authorization) },
    ...{ resolveIdentity, ledger, limiter },
  });
  /** The identity that a token would be for, or null for a refusal. */
  async function chat(caller: Caller) {
    const person = resolveIdentity(caller);
    if (person.outcome === 'refused') throw new Error(person.detail);
    const answer = await ledger.admit({
      service: DEFAULT_SERVICE,
      identity: person.identity,
      className: caller.className,
      tenant: null,
      intent: 'open_chat',
      rule: 'intent-allowed',
      life: planTokenLife(NOW_MS, 3600, person.spread),
      policyMark: 1,
      knownOnly: false,
      needsReason: false,
      hidden: false,
    });
    if (answer.outcome === 'refused') {
      expect(answer).toMatchObject({ code: 'unauthenticated', reason: 'guest-adopted' });
      return null;
    }
    return answer.identity;
  }
  return { ledger, credentials, enter, link, chat };
}

function memberOf(subject: string): Caller {
  const nothing = { tenant: null, display: null };
  return { issuer: 'https://login.example', subject, className: 'member', via: 'bearer', ...nothing };
}

test('whoever links what at which browser: no two members are one, and no guest goes on as a member', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 30 }), async (acts) => {
      const house = createHouse();
      const kept = new Map<number, string>();
      /** Identity → who was ever served as it: `guest <id>` or `member <number>`. */
      const servedAs = new Map<string, Set<string>>();
      const adopters = new Map<string, number>();
      const note = (identity: string | null, who: string) => {
        if (identity === null) return;
        servedAs.set(identity, (servedAs.get(identity) ?? new Set()).add(who));
      };
      const guestAt = async (at: number) => {
        const offered = kept.has(at) ? [kept.get(at) as string] : [];
        const answer = await house.enter({
          service: DEFAULT_SERVICE,
          offered,
          addressBlock: 'any',
          nowMs: NOW_MS,
        });
        if (answer.outcome === 'refused') throw new Error(answer.detail);
        kept.set(at, answer.credential);
        expect(adopters.has(answer.guestId)).toBe(false);
        return answer;
      };

      for (const each of acts) {
        if (each.kind === 'enter') await guestAt(each.browser);
        else if (each.kind === 'chat-as-member') {
          note(await house.chat(memberOf(String(each.member))), `member ${each.member}`);
        } else if (each.kind === 'chat-as-guest') {
          const guest = house.credentials.open(kept.get(each.browser) ?? '', DEFAULT_SERVICE, NOW_MS);
          if (typeof guest === 'string') continue;
          const identity = await house.chat(guest.caller);
          expect(identity === null).toBe(adopters.has(guest.id));
          note(identity, `guest ${guest.id}`);
        } else {
          const guestCredential = kept.get(each.browser);
          if (guestCredential === undefined) continue;
          const answer = await house.link({
            service: DEFAULT_SERVICE,
            credentials: { ...NO_CREDENTIALS, authorization: String(each.member) },
            guestCredential,
            nowMs: NOW_MS,
          });
          if (answer.outcome === 'refused') throw new Error(answer.detail);
          note(answer.identity, `member ${each.member}`);
          const guest = house.credentials.open(guestCredential, DEFAULT_SERVICE, NOW_MS);
          if (answer.link === 'adopted' && typeof guest !== 'string') {
            expect(adopters.has(guest.id)).toBe(false);
            adopters.set(guest.id, each.member);
          }
        }
      }

      for (const people of servedAs.values()) {
        const members = [...people].filter((who) => who.startsWith('member'));
        const guests = [...people].filter((who) => who.startsWith('guest'));
        expect(members.length).toBeLessThanOrEqual(1);
        expect(guests.length).toBeLessThanOrEqual(1);
        // One that was a guest first and a member later is the guest whom that member took over.
        if (members.length + guests.length === 2) {
          expect(`member ${adopters.get(guests[0]!.slice('guest '.length))}`).toBe(members[0]);
        }
      }
      await house.ledger.close();
    }),
    { numRuns: 60 },
  );
}, 60_000);
