// Only the ledger on Redis packs evidence and marks.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Month, monthEndSeconds, monthStartSeconds } from '../../../../src/domain/month.ts';
import { bitOf, EVIDENCE_SOURCES, SIGNALS } from '../../../../src/domain/signal.ts';
import type { Evidence } from '../../../../src/ledger/ledger.ts';
import type { IdentityRecord } from '../../../../src/ledger/records.ts';
import { identityOf } from '../../contract/builders.ts';
import { LedgerCase } from '../../contract/ledger-case.ts';
import { identities, months, names, RUNS, recordIn, secondIn, usePackingStore } from './packing-kit.ts';

const DAY = 86_400;

const store = usePackingStore();

/** Up to every signal, each by a source of its own and in a minute of its own. */
function evidenceOf(month: Month, identity: fc.Arbitrary<Evidence['identity']>): fc.Arbitrary<Evidence[]> {
  const piece = fc.record({
    signal: fc.constantFrom(...SIGNALS),
    source: fc.constantFrom(...EVIDENCE_SOURCES),
    at: fc.tuple(secondIn(month), fc.nat(999)).map(([second, ms]) => second * 1_000 + ms),
  });
  return fc
    .record({ identity, className: names, pieces: fc.array(piece, { minLength: 1, maxLength: 12 }) })
    .map(({ pieces, ...person }) => pieces.map((one) => ({ ...person, ...one })));
}

/** What a record says after evidence, by what the interface promises. */
function afterEvidence(before: IdentityRecord | null, told: readonly Evidence[], starts: number) {
  const { identity, className } = told[0]!;
  const seconds = told.map(({ at }) => Math.floor(at / 1_000));
  const firstSeen = Math.min(...seconds, before?.firstSeen ?? Number.POSITIVE_INFINITY);
  const lastSeen = Math.max(...seconds, before?.lastSeen ?? 0);
  const stamps = [
    ...(before?.signals ?? []),
    ...told.map(({ signal, source, at }) => {
      const second = Math.floor(at / 1_000);
      return { signal, source, firstAt: second - (second % 60) };
    }),
  ];
  const signals = SIGNALS.flatMap((signal) => {
    const [earliest] = stamps
      .filter((one) => one.signal === signal)
      .sort(
        (one, other) =>
          one.firstAt - other.firstAt ||
          EVIDENCE_SOURCES.indexOf(one.source) - EVIDENCE_SOURCES.indexOf(other.source),
      );
    return earliest === undefined ? [] : [earliest];
  });
  const isAgain = Math.floor((firstSeen - starts) / DAY) !== Math.floor((lastSeen - starts) / DAY);
  return {
    ...(before ?? { identity, className, tenant: null, mints: 0 }),
    ...{ firstSeen, lastSeen, signals },
    mask: signals.reduce(
      (mask, { signal }) => mask | bitOf(signal),
      (before?.mask ?? 0) | (isAgain ? bitOf('again') : 0),
    ),
  };
}

test('evidence is read as it was told, of people with identities of any length', async () => {
  const cases = months.chain((month) =>
    fc.record({
      month: fc.constant(month),
      people: fc.uniqueArray(evidenceOf(month, identities), {
        ...{ minLength: 1, maxLength: 6, selector: ([piece]) => piece!.identity },
      }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ({ month, people }) => {
      const c = new LedgerCase(store);
      await c.ledger.record(c.service, people.flat().reverse());
      const found = new Map((await c.people(month)).map((person) => [person.identity, person]));
      expect(found.size).toBe(people.length);
      for (const told of people) {
        expect(found.get(told[0]!.identity)).toEqual(afterEvidence(null, told, monthStartSeconds(month)));
      }
    }),
    RUNS,
  );
});

test('evidence changes of a record what it says, and no byte beside that', async () => {
  const cases = months.chain((month) =>
    recordIn(month).chain((before) =>
      fc.record({
        ...{ month: fc.constant(month), before: fc.constant(before) },
        told: evidenceOf(month, fc.constant(before.identity)),
        at: secondIn(month),
      }),
    ),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ({ month, before, told, at }) => {
      const c = new LedgerCase(store);
      await c.ledger.retention.restorePeople(c.service, month, [before], 'count');
      // A mint, so that the record has a last token, which has to be there afterwards.
      const { identity, className, tenant } = before;
      const ends = monthEndSeconds(month);
      const request = {
        ...c.request(identity, '2026-11-20T09:00:00Z', { className, tenant }),
        life: { issuedAt: at, expiresAt: Math.max(ends, at + 2), month, otherMonth: null },
      };
      const answer = await c.ledger.admit(request);
      const [minted] = await c.people(month);
      await c.ledger.record(c.service, told);
      expect(await c.people(month)).toEqual([afterEvidence(minted!, told, monthStartSeconds(month))]);
      expect(await c.ledger.admit(request)).toEqual({ ...answer, outcome: 'reuse' });
      const { masks } = await c.totals(month);
      expect(masks).toEqual([{ className, mask: (await c.people(month))[0]!.mask, identities: 1 }]);
    }),
    RUNS,
  );
});

test('more people than one call takes, each with the longest identity and every signal, are all there', async () => {
  const c = new LedgerCase(store);
  const at = Date.parse('2026-12-31T23:59:59.999Z');
  const people = Array.from({ length: 300 }, (_, number) =>
    identityOf(String(1_000 + number).padStart(256, 'x')),
  );
  const evidence = people.flatMap((identity) =>
    SIGNALS.map((signal, place) => ({
      ...{ identity, signal, at: at - place * 60_000, className: 'member' },
      source: EVIDENCE_SOURCES[place % EVIDENCE_SOURCES.length]!,
    })),
  );
  await c.ledger.record(c.service, evidence);
  const found = await c.people('2026-12');
  expect(found.map(({ identity }) => identity).sort()).toEqual(people);
  for (const { mask, signals } of found) expect([mask & 511, signals.length]).toEqual([511, 9]);
  expect(await c.totals('2026-12')).toMatchObject({ all: 300 });
});
