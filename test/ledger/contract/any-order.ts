import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { monthOf } from '../../../src/domain/month.ts';
import { EVIDENCE_SOURCES, SIGNALS } from '../../../src/domain/signal.ts';
import type { ConversationMark } from '../../../src/ledger/conversations.ts';
import type { Evidence } from '../../../src/ledger/ledger.ts';
import { conversationSid, identityOf, seconds } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';
import { ModelLedger } from './model-ledger.ts';
import { modelDays, modelPeople, modelTotals, sortMasks } from './model-reports.ts';
import { createMark, MONTHS } from './operations.ts';

const PEOPLE = ['ann', 'bob', 'cleo'].map(identityOf);

const person = fc.constantFrom(...PEOPLE);
/** Hours around the turn of a month, or some day of three months. */
const instant = fc
  .oneof(
    fc.integer({ min: seconds('2026-11-30T21:00:00Z'), max: seconds('2026-12-01T02:00:00Z') }),
    fc.integer({ min: seconds('2026-10-01T00:00:00Z'), max: seconds('2026-12-31T23:59:59Z') }),
  )
  .map((at) => at * 1000);

const evidence: fc.Arbitrary<Evidence> = fc.record({
  identity: person,
  signal: fc.constantFrom(...SIGNALS),
  at: instant,
  source: fc.constantFrom(...EVIDENCE_SOURCES),
  className: fc.constant('unknown'),
});

/** How far everybody has read before in the conversations of updates, as others told. */
const KNOWN_INDEX = 2;

/** One of each month, so that what is told late of a month speaks against nothing that was counted in the next. */
const roomOf = (at: number) => conversationSid(100 + MONTHS.indexOf(monthOf(at)));

const before: ConversationMark[] = PEOPLE.flatMap((identity) =>
  MONTHS.map(
    (_month, n): ConversationMark => ({
      ...{ kind: 'member', conversation: conversationSid(100 + n), identity, lastRead: KNOWN_INDEX },
      ...{ at: Date.parse('2026-09-20T12:00:00Z'), byOther: true },
    }),
  ),
);

/** What one event tells. */
interface Event {
  evidence: Evidence[];
  marks: ConversationMark[];
}

/** The member's own: few indexes, so that many updates do not move it and are about something else. */
const ownUpdate: fc.Arbitrary<Event> = fc
  .record({ identity: person, at: instant, index: fc.nat(KNOWN_INDEX + 2), connected: fc.boolean() })
  .map(({ identity, at, index, connected }) => {
    const conversation = roomOf(at);
    const told = { identity, at, source: 'webhook', className: 'unknown' } as const;
    const read: Evidence = { ...told, signal: 'read', upTo: { conversation, index } };
    return {
      evidence: connected ? [read, { ...told, signal: 'connected' }] : [read],
      marks: [{ kind: 'member', conversation, identity, lastRead: index, at }],
    };
  });

const event: fc.Arbitrary<Event> = fc.oneof(
  evidence.map((piece): Event => ({ evidence: [piece], marks: [] })),
  createMark(person, instant).map((mark): Event => ({ evidence: [], marks: [mark] })),
  ownUpdate,
);

/** Events as they happened, and the same in any order, each three times. */
const streams = fc.array(event, { minLength: 1, maxLength: 30, size: 'max' }).chain((events) => {
  const tripled = [...events, ...events, ...events];
  return fc.tuple(fc.constant(events), fc.shuffledSubarray(tripled, { minLength: tripled.length }));
});

const piecesOf = (events: readonly Event[]) => events.flatMap((one) => one.evidence);
const marksOf = (events: readonly Event[]) => events.flatMap((one) => one.marks);

/** Everything that evidence and marks may change. */
async function everythingIn(c: LedgerCase) {
  const months = [];
  for (const month of MONTHS) {
    const { masks, ...totals } = await c.totals(month);
    const days = await c.ledger.days(c.service, month);
    months.push({ people: await c.people(month), masks: sortMasks(masks), totals, days });
  }
  const unread = [];
  for (const one of PEOPLE) unread.push((await c.ledger.unread(c.service, one)).conversations);
  return { months, unread };
}

function everythingModelled(events: readonly Event[]) {
  const model = new ModelLedger();
  model.record(piecesOf(events), [...before, ...marksOf(events)]);
  const months = MONTHS.map((month) => {
    const { masks, ...totals } = modelTotals(model, month);
    return { people: modelPeople(model, month), masks, totals, days: modelDays(model, month) };
  });
  return { months, unread: PEOPLE.map((one) => model.conversations.unread(one)) };
}

function sorted<Everything extends { months: { people: { identity: string }[] }[] }>(
  all: Everything,
): Everything {
  for (const { people } of all.months) people.sort((a, b) => (a.identity < b.identity ? -1 : 1));
  return all;
}

export function describeAnyOrder(store: ContractStore): void {
  describe('evidence and marks in any order', () => {
    test('come to the same ledger, and to that of the model, however often they come', async () => {
      await fc.assert(
        fc.asyncProperty(streams, fc.integer({ min: 1, max: 9 }), async ([clean, tripled], size) => {
          const [first, second] = [new LedgerCase(store), new LedgerCase(store)];
          for (const c of [first, second]) await c.ledger.record(c.service, [], before);
          await first.ledger.record(first.service, piecesOf(clean));
          await first.ledger.record(first.service, [], marksOf(clean));
          for (let from = 0; from < tripled.length; from += size) {
            const some = tripled.slice(from, from + size);
            await second.ledger.record(second.service, piecesOf(some), marksOf(some));
          }
          const expected = sorted(everythingModelled(clean));
          expect(sorted(await everythingIn(first))).toEqual(expected);
          expect(sorted(await everythingIn(second))).toEqual(expected);
        }),
        { numRuns: 25, interruptAfterTimeLimit: 12_000 },
      );
    });
  });
}
