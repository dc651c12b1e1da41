import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { GuestAdoption, HumanCheck } from '../../src/issue/ports.ts';
import { type OutageCase, openOutageCase } from '../ledger/outage/outage-case.ts';
import { credentialsOf, type Issuing, type IssuingOptions, startIssuing } from './issuing.ts';

let outage: OutageCase;
let issuing: Issuing;

beforeEach(() => {
  outage = openOutageCase();
});
afterEach(() => outage.close());

function start(options: IssuingOptions = {}): Issuing {
  issuing = startIssuing({ ledger: outage.ledger, ...options });
  return issuing;
}

const AWAY = { code: 'ledger-unavailable' };
const HALF_AN_HOUR_MS = 1_800_000;

test('a token that is given out without the ledger is told apart in the log, and has a name of its own', async () => {
  const { token, ask, clock, events } = start();
  const first = await token('ann');
  outage.isAway = true;
  clock.advance(HALF_AN_HOUR_MS);
  const second = await token('ann');
  expect(second).toMatchObject({ outcome: 'minted', firstThisMonth: false });
  const jtiOf = (text: string) =>
    (JSON.parse(Buffer.from(text.split('.')[1]!, 'base64url').toString()) as { jti: string }).jti;
  expect(jtiOf(first.token)).toMatch(/^SK2{32}-\d+-1$/);
  expect(jtiOf(second.token)).toMatch(/^SK2{32}-\d+-j[0-9a-f]{16}\.1$/);
  await expect(ask('bob')).rejects.toMatchObject(AWAY);
  expect(events.map(({ withoutLedger, code }) => [withoutLedger, code])).toEqual([
    [false, null],
    [true, null],
    [false, 'ledger-unavailable'],
  ]);
});

describe('a guest behind a human check', () => {
  const humanCheck: HumanCheck = {
    required: ({ via }) => via === 'guest',
    verifyDetails: { siteKey: 'k' },
    verify: (humanToken) => Promise.resolve(humanToken === 'good'),
  };

  test('is served when they are known, with a check or without; nobody else is', async () => {
    const { ask } = start({ parts: () => ({ humanCheck }) });
    await ask('guest-1', { humanToken: 'good' });
    outage.isAway = true;
    expect(await ask('guest-1')).toMatchObject({ outcome: 'reused' });
    expect(await ask('guest-1', { humanToken: 'good' })).toMatchObject({ outcome: 'reused' });
    await expect(ask('guest-2', { humanToken: 'good' })).rejects.toMatchObject(AWAY);
    await expect(ask('guest-2')).rejects.toMatchObject(AWAY);
  });
});

describe('a member who brings a guest along', () => {
  const bring = { credentials: { ...credentialsOf('ann'), cookie: 'mg_guest=x', originTrusted: true } };
  const adopting = (guest: string): IssuingOptions => ({
    parts: ({ ledger, resolveIdentity }) => {
      const guestAdoption: GuestAdoption = {
        async adopt(service, member, _credentials, at) {
          const person = resolveIdentity({
            ...{ issuer: 'https://login.example.com/', subject: guest, className: 'guest', tenant: null },
            ...{ display: null, via: 'guest' },
          });
          if (person.outcome === 'refused') return false;
          const adopt = ledger as unknown as typeof outage.ledger;
          return (await adopt.adopt(service, { guest: person.identity, member, at })).outcome === 'adopted';
        },
      };
      return { guestAdoption, ledger: outage.ledger };
    },
  });

  test('is served as what they are when the month has them', async () => {
    const { token, ask } = start(adopting('guest-9'));
    await token('ann');
    outage.isAway = true;
    expect(await ask('ann', {}, bring)).toMatchObject({ outcome: 'reused', guestAdopted: false });
  });

  test('is not counted apart before it is known whether they are that guest', async () => {
    const { ask } = start(adopting('guest-9'));
    outage.isAway = true;
    await expect(ask('ann', {}, bring)).rejects.toMatchObject(AWAY);
    outage.isAway = false;
    expect(await ask('ann', {}, bring)).toMatchObject({ outcome: 'minted', guestAdopted: true });
  });
});
