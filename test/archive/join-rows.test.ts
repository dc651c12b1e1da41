import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { joinMints } from '../../src/archive/join-mints.ts';
import { joinPeople } from '../../src/archive/join-people.ts';
import { noDifference } from '../../src/archive/join-rows.ts';
import type { Identity } from '../../src/domain/identity.ts';
import { SIGNALS } from '../../src/domain/signal.ts';
import { bucketOf } from '../../src/ledger/buckets.ts';

/** Enough for a span of a few buckets at a time. */
const MILLIONS = 3_000_000;

interface Line {
  identity: string;
  class: string;
  tenant: string | null;
  firstSeen: string;
  lastSeen: string;
  mints: number;
  marks: string[];
  signals: { signal: string; at: string; source: string }[];
}

const instant = fc.integer({ min: 10, max: 28 }).map((day) => `2026-08-${day}T09:00:00Z`);
const person = fc.record({
  identity: fc.integer({ min: 0, max: 60 }).map((number) => `m_${number}`),
  class: fc.constantFrom('member', 'guest', 'unknown'),
  tenant: fc.constantFrom(null, 'acme'),
  firstSeen: instant,
  lastSeen: instant,
  mints: fc.nat(3),
  marks: fc.subarray(['again', 'hidden', 'returning']),
  signals: fc
    .subarray([...SIGNALS])
    .chain((names) =>
      fc.tuple(...names.map((signal) => instant.map((at) => ({ signal, at, source: 'webhook' })))),
    ),
});
const people = fc.uniqueArray(person, { selector: ({ identity }) => identity, maxLength: 25 });

const textOf = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const inOrder = (rows: Line[]) =>
  rows.toSorted(
    (one, other) =>
      bucketOf(one.identity as Identity) - bucketOf(other.identity as Identity) ||
      (one.identity < other.identity ? -1 : 1),
  );

async function* once<Piece>(piece: Piece): AsyncGenerator<Piece> {
  yield piece;
}
const linesOf = (rows: readonly object[]) => once(rows.map((row) => JSON.stringify(row)));
async function readAll(pieces: AsyncIterable<string>): Promise<string[]> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text.split('\n').filter((line) => line !== '');
}

async function join(archived: Line[], now: Line[], rows: number, pseudonyms = new Map<string, Identity>()) {
  const differences = noDifference();
  const written = await readAll(
    joinPeople(
      { rows, read: () => linesOf(archived) },
      once(textOf(inOrder(now))),
      pseudonyms,
      differences,
      async () => {},
    ),
  );
  return { differences, written: written.map((line) => JSON.parse(line) as Line) };
}

describe('people of an entry and of the ledger', () => {
  test('whoever the archive has is written with all that is known, or told missing', async () => {
    await fc.assert(
      fc.asyncProperty(people, people, fc.constantFrom(1, MILLIONS), async (archived, now, rows) => {
        const { differences, written } = await join(archived, now, rows);
        const names = written.map(({ identity }) => identity);
        expect(names).toEqual(inOrder(now).map(({ identity }) => identity));
        expect(differences.missing).toBe(archived.filter(({ identity }) => !names.includes(identity)).length);
        for (const source of [archived, now]) {
          for (const line of source) {
            const whole = written.find(({ identity }) => identity === line.identity);
            if (whole === undefined) continue;
            expect(whole.mints).toBeGreaterThanOrEqual(line.mints);
            expect(whole.firstSeen <= line.firstSeen && whole.lastSeen >= line.lastSeen).toBe(true);
            expect(whole.marks).toEqual(expect.arrayContaining(line.marks));
            for (const { signal, at } of line.signals) {
              expect(whole.signals.find((seen) => seen.signal === signal)!.at <= at).toBe(true);
            }
          }
        }
        // A second time there is nothing to add: an entry that was written so is not written again.
        const again = await join(written, now, rows);
        expect(again.differences).toEqual({ missing: 0, added: 0, clashing: 0 });
        expect(again.written).toEqual(written);
      }),
      { numRuns: 200 },
    );
  });

  test('in whatever order the entry has them, under a pseudonym or not yet', async () => {
    const line = (identity: string): Line => ({
      ...{ identity, class: 'member', tenant: null, mints: 1, marks: [], signals: [] },
      ...{ firstSeen: '2026-08-10T09:00:00Z', lastSeen: '2026-08-10T09:00:00Z' },
    });
    const pseudonyms = new Map([['m_1', 'erased_1' as Identity]]);
    const archived = ['m_3', 'm_1', 'm_2'].map(line);
    for (const rows of [1, MILLIONS]) {
      const renamed = await join(archived, ['m_2', 'erased_1', 'm_3'].map(line), rows, pseudonyms);
      expect(renamed.differences).toMatchObject({ missing: 0, added: 1 });
      const notYet = await join(archived, ['m_2', 'm_1', 'm_3'].map(line), rows, pseudonyms);
      expect(notYet.differences).toMatchObject({ missing: 0, added: 0 });
      const gone = await join(archived, ['m_2', 'm_3'].map(line), rows, pseudonyms);
      expect(gone.differences).toMatchObject({ missing: 1, added: 0 });
    }
  });
});

describe('mints of an entry and of the ledger', () => {
  const mint = (ordinal: number, identity = 'm_ada') => ({
    ...{ id: `2026-08-${ordinal}`, at: '2026-08-10T09:00:00Z', identity, class: 'member', subject: identity },
    ...{ intent: 'open_chat', outcome: 'minted', expiresAt: '2026-08-10T10:00:00Z', rule: 'r', first: false },
  });

  test('each is in both, missing, added, or another one under the same number', async () => {
    const ordinals = fc
      .uniqueArray(fc.integer({ min: 1, max: 12 }))
      .map((all) => all.toSorted((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(ordinals, ordinals, ordinals, async (old, now, others) => {
        const differences = noDifference();
        const rows = now.map((ordinal) => mint(ordinal, others.includes(ordinal) ? 'm_bob' : 'm_ada'));
        const archived = old.map((ordinal) => mint(ordinal));
        const written = await readAll(
          joinMints(linesOf(archived), once(textOf(rows)), new Map(), differences),
        );
        expect(written).toEqual(rows.map((row) => JSON.stringify(row)));
        const texts = new Set(written);
        const last = old.at(-1) ?? 0;
        const unknown = rows.filter(
          (row) => !archived.some((one) => one.id === row.id && one.identity === row.identity),
        );
        expect(differences).toEqual({
          missing: archived.filter((row) => !texts.has(JSON.stringify(row))).length,
          added: unknown.length,
          clashing: unknown.filter(({ id }) => Number(id.slice(8)) <= last).length,
        });
      }),
      { numRuns: 300 },
    );
  });

  test('one of somebody who is erased is the same under the pseudonym', async () => {
    const differences = noDifference();
    const pseudonyms = new Map([['m_ada', 'erased_1' as Identity]]);
    const now = once(textOf([mint(1, 'erased_1'), mint(2, 'm_bob')]));
    await readAll(joinMints(linesOf([mint(1), mint(2, 'm_bob')]), now, pseudonyms, differences));
    expect(differences).toEqual({ missing: 0, added: 1, clashing: 0 });
  });
});
