import { describe, expect, test } from '@jest/globals';
import { DEFAULT_SERVICE } from '../../../src/domain/service-name.ts';
import { formatMintEntry } from '../../../src/ledger/journal/mint-entry.ts';
import { parseEntry } from '../../../src/ledger/journal/parse-entry.ts';
import type { ReplayedMint } from '../../../src/ledger/replay.ts';
import { identityOf, monthNamed, seconds } from '../contract/builders.ts';

const AT = seconds('2026-11-30T23:58:00Z');
const MINT: ReplayedMint = {
  ...{ identity: identityOf('guest-1'), own: identityOf('ann'), className: 'member', tenant: 'a\n"b"' },
  ...{ intent: 'open_chat', rule: 'open-chat', firstSeen: AT - 60, issuedAt: AT, expiresAt: AT + 3_600 },
  ...{ otherMonth: monthNamed('2026-12'), journal: { id: 'f00d', number: 7 } },
};

function changed(change: (entry: { row: unknown[]; number: unknown; service: unknown }) => void): string {
  const entry = JSON.parse(formatMintEntry(DEFAULT_SERVICE, MINT));
  change(entry);
  return JSON.stringify(entry);
}

describe('a mint in the journal', () => {
  test.each([MINT, { ...MINT, tenant: null, otherMonth: null }])('is read as it was written', (mint) => {
    const text = formatMintEntry(DEFAULT_SERVICE, mint);
    expect(text).not.toContain('\n');
    expect(parseEntry(text)).toEqual({ kind: 'mint', service: DEFAULT_SERVICE, mint });
  });

  test.each([
    ['no service', (entry) => Object.assign(entry, { service: 'No Service!' })],
    ['no number', (entry) => Object.assign(entry, { number: 1.5 })],
    ['no identity', (entry) => entry.row.splice(0, 1, '')],
    ['a tenant that is none', (entry) => entry.row.splice(3, 1, 5)],
    ['no instant', (entry) => entry.row.splice(7, 1, null)],
    ['no month', (entry) => entry.row.splice(9, 1, '2026-13')],
    ['too little', (entry) => entry.row.splice(4, 6)],
  ] satisfies [string, (entry: { row: unknown[] }) => void][])('with %s is none', (_, change) => {
    expect(parseEntry(changed(change))).toBeNull();
  });

  test.each(['', 'null', '[]', '5', '{"kind":"audit"}'])('%j is no entry', (text) => {
    expect(parseEntry(text)).toBeNull();
  });
});
