import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Identity } from '../../src/domain/identity.ts';
import { type Month, parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { createErasureDesk, type ErasureDesk } from '../../src/steering/erasure-desk.ts';
import { resolveIdentity } from '../ops/operator-app.ts';
import { ISSUER, ownIdentity } from '../ops/own-identity.ts';
import { mintTokens } from '../reports/fill-month.ts';
import { LEDGER_KINDS, ledgersOfBothKinds } from '../support/ledgers-of-both-kinds.ts';

const openLedger = ledgersOfBothKinds();

const NOVEMBER = parseMonth('2026-11') as Month;
const [NOW, LATER] = [Date.parse('2026-11-20T21:00:00Z'), Date.parse('2027-03-20T21:00:00Z')];
const [PHONE, LAPTOP, OF_EVE] = ['g_phone', 'g_laptop', 'g_of_eve'] as [Identity, Identity, Identity];

describe.each(LEDGER_KINDS)('erasing a member who was a guest as well (%s)', (kind) => {
  const [ada, eve] = [ownIdentity('ada') as Identity, ownIdentity('eve') as Identity];

  let ledger: Ledger;
  let desk: ErasureDesk;
  beforeEach(async () => {
    ledger = await openLedger(kind);
    desk = createErasureDesk({
      ...{ ledger, resolveIdentity, classes: ['member'], guestPrefix: 'g_', hasArchive: async () => true },
    });
    const at = '2026-11-10T10:00:00Z';
    const guests = [PHONE, LAPTOP, OF_EVE].map((identity) => ({ identity, at, className: 'guest' }));
    await mintTokens(ledger, [...guests, { identity: ada, at }, { identity: eve, at }]);
    for (const [guest, member] of [
      [PHONE, ada],
      [LAPTOP, ada],
      [OF_EVE, eve],
    ] as const) {
      expect(await ledger.adopt(DEFAULT_SERVICE, { guest, member, at: NOW })).toMatchObject({
        reason: 'member-has-identity',
      });
    }
  });

  const erase = (expecting: Identity | null = null, nowMs = NOW) =>
    desk.erase(
      DEFAULT_SERVICE,
      { issuer: ISSUER, subject: 'ada', expecting },
      {
        ...{ operator: { name: 'anna', role: 'admin' }, nowMs, reason: 'request' },
        ...{ requestId: 'r', ifMatch: null, repeatable: null },
      },
    );

  /** Who is named in the month, and in the pairs that are known to be one person. */
  async function names(): Promise<string[]> {
    const page = { after: null, limit: 100 };
    const people = await ledger.identities(DEFAULT_SERVICE, NOVEMBER, page);
    const mints = await ledger.mints(DEFAULT_SERVICE, NOVEMBER, page);
    const told = JSON.stringify([people, mints, await ledger.merges(DEFAULT_SERVICE)]);
    return [PHONE, LAPTOP, ada, OF_EVE, eve].filter((identity) => told.includes(identity));
  }

  test('reaches every guest whom they are known to have been, and nobody else', async () => {
    expect(await erase()).toMatchObject({ body: { erased: 3, months: ['2026-11'] } });
    expect(await names()).toEqual([OF_EVE, eve]);
    expect(await ledger.merges(DEFAULT_SERVICE)).toHaveLength(3);
    expect(await erase()).toMatchObject({ body: { erased: 0 } });
  });

  test('may be asked for on the page of such a guest, and on that of no other', async () => {
    expect(await erase(OF_EVE)).toMatchObject({ code: 'invalid-request' });
    expect(await names()).toHaveLength(5);
    expect(await erase(PHONE)).toMatchObject({ body: { erased: 3 } });
  });

  test('leaves no pair behind when their rows are in the archive only', async () => {
    let after: string | null = null;
    do ({ next: after } = await ledger.retention.trimPeople(DEFAULT_SERVICE, NOVEMBER, after));
    while (after !== null);
    expect(await erase(null, LATER)).toMatchObject({ body: { erased: 3, months: [] } });
    const pairs = JSON.stringify(await ledger.merges(DEFAULT_SERVICE));
    expect([PHONE, LAPTOP, ada, eve].map((identity) => pairs.includes(identity))).toEqual([
      ...[false, false, false, true],
    ]);
  });
});
