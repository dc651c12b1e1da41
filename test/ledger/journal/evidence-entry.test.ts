import { describe, expect, test } from '@jest/globals';
import { DEFAULT_SERVICE } from '../../../src/domain/service-name.ts';
import type { ConversationMark } from '../../../src/ledger/conversations.ts';
import { formatEvidenceEntry } from '../../../src/ledger/evidence-entry.ts';
import { parseEntry } from '../../../src/ledger/journal/parse-entry.ts';
import { conversationSid, evidenceOf, identityOf } from '../contract/builders.ts';

const [ANN, ROOM, AT] = [identityOf('ann'), conversationSid(1), 1_795_000_000_123];
const EVIDENCE = [evidenceOf('ann', 'messaged', '2026-11-20T09:00:00Z', { source: 'event-stream' })];
const MARKS: ConversationMark[] = [
  { kind: 'message', conversation: ROOM, index: 0, author: ANN, at: AT },
  { kind: 'message', conversation: ROOM, index: 7, author: null, at: AT },
  { kind: 'member', conversation: ROOM, identity: ANN, lastRead: null, at: AT },
  { kind: 'member', conversation: ROOM, identity: ANN, lastRead: 3, at: AT },
  { kind: 'left', conversation: ROOM, identity: ANN, at: AT },
  { kind: 'removed', conversation: ROOM, at: AT },
];

function changed(change: (entry: { marks: unknown[] }) => void): string {
  const entry = JSON.parse(formatEvidenceEntry(DEFAULT_SERVICE, EVIDENCE, MARKS));
  change(entry);
  return JSON.stringify(entry);
}

describe('an entry of the journal', () => {
  test.each([
    [EVIDENCE, MARKS],
    [EVIDENCE, []],
    [[], MARKS],
  ])('is read as it was written', (evidence, marks) => {
    const text = formatEvidenceEntry(DEFAULT_SERVICE, evidence, marks);
    expect(text).not.toContain('\n');
    expect(parseEntry(text)).toEqual({ kind: 'evidence', service: DEFAULT_SERVICE, evidence, marks });
  });

  test('of a version that knew no marks is still read', () => {
    const text =
      '{"kind":"evidence","service":"default","pieces":[["ann","messaged",1795165200000,"event-stream","unknown"]]}';
    expect(parseEntry(text)).toEqual({
      kind: 'evidence',
      service: DEFAULT_SERVICE,
      evidence: EVIDENCE,
      marks: [],
    });
  });

  test.each([
    ['no list', (entry) => Object.assign(entry, { marks: {} })],
    ['a mark that is no list', (entry) => entry.marks.push({})],
    ['an unknown kind', (entry) => entry.marks.push(['renamed', ROOM, AT])],
    ['no SID', (entry) => entry.marks.push(['removed', 'CH1', AT])],
    ['no instant', (entry) => entry.marks.push(['removed', ROOM, null])],
    ['a negative index', (entry) => entry.marks.push(['message', ROOM, AT, -1, null])],
    ['an author that is no identity', (entry) => entry.marks.push(['message', ROOM, AT, 1, ''])],
    ['no member', (entry) => entry.marks.push(['member', ROOM, AT, null, 1])],
    ['a half index', (entry) => entry.marks.push(['member', ROOM, AT, 'ann', 0.5])],
    ['nobody who left', (entry) => entry.marks.push(['left', ROOM, AT])],
  ] satisfies [string, (entry: { marks: unknown[] }) => void][])('with %s is none', (_, change) => {
    expect(parseEntry(changed(change))).toBeNull();
  });
});
