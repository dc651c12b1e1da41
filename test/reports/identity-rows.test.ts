import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Identity } from '../../src/domain/identity.ts';
import type { IdentityRecord } from '../../src/ledger/records.ts';
import { encodeCsvLine } from '../../src/reports/export-formats.ts';
import { IDENTITY_TABLE } from '../../src/reports/identity-rows.ts';

/** Rather everything that needs quotes, escapes or care than what identities and classes look like. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'aZ09_.~|:-,;="\'+@\\/ \t\r\n\u2028é') }),
);
const instant = fc.integer({ min: 0, max: 253_402_300_799 });
const record: fc.Arbitrary<IdentityRecord> = fc.record({
  identity: text as fc.Arbitrary<Identity>,
  className: text,
  tenant: fc.constant(null),
  firstSeen: instant,
  lastSeen: instant,
  mints: fc.nat(),
  mask: fc.nat({ max: 0xfff }),
  signals: fc.constant([]),
});

describe('the lines of the identity export, put together by hand', () => {
  it('are as CSV to the byte what the cells make', () => {
    fc.assert(
      fc.property(record, (one) => {
        expect(IDENTITY_TABLE.lines?.csv(one)).toBe(encodeCsvLine(IDENTITY_TABLE.cells(one)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('are as NDJSON to the byte what the row makes', () => {
    fc.assert(
      fc.property(record, (one) => {
        expect(IDENTITY_TABLE.lines?.ndjson(one)).toBe(`${JSON.stringify(IDENTITY_TABLE.row(one))}\n`);
      }),
      { numRuns: 2_000 },
    );
  });
});
