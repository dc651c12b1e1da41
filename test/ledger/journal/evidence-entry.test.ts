import { describe, expect, test } from '@jest/globals';
import { DEFAULT_SERVICE } from '../../../src/domain/service-name.ts';
import type { ConversationMark } from '../../../src/ledger/conversations.ts';
import { formatEvidenceEntry } from '../../../src/ledger/evidence-entry.ts';
import { parseEntry } from '../../../src/ledger/journal/parse-entry.ts';
import { conversationSid, evidenceOf, identityOf } from '../contract/builders.ts';

const [ANN, ROOM, AT] = [identityOf('ann'), conversationSid(1), 1_795_000_000_123];
const EVIDENCE = [evidenceOf('ann', 'messaged', '2026-11-20T09:00:00Z', { source: 'event-stream' })];
const READ = evidenceOf('ann', 'read', '2026-11-20T09:00:00Z', { upTo: { conversation: ROOM, index: 3 } });
const MARKS: ConversationMark[] = [
  { kind: 'message', conversation: ROOM, index: 0, author: ANN, at: AT },
  { kind: 'message', conversation: ROOM, index: 7, author: null, at: AT },
  { kind: 'member', conversation: ROOM, identity: ANN, lastRead: null, at: AT },
  { kind: 'member', conversation: ROOM, identity: ANN, lastRead: 3, at: AT },
  { kind: 'member', conversation: ROOM, identity: ANN, lastRead: 3, at: AT, byOther: true },
  { kind: 'left', conversation: ROOM, identity: ANN, at: AT },
  { kind: 'removed', conversation: ROOM, at: AT },
];

/** A read as it is written. */
const piece = ['ann', 'read', AT, 'webhook', 'unknown'];

interface Entry {
  pieces: unknown[];
  marks: unknown[];
}

function changed(change: (entry: Entry) => void): string {
  const entry = JSON.parse(formatEvidenceEntry(DEFAULT_SERVICE, EVIDENCE, MARKS));
  change(entry);
  return JSON.stringify(entry);
}

describe('an entry of the journal', () => {
  test.each([
    [EVIDENCE, MARKS],
    [EVIDENCE, []],
    [[...EVIDENCE, READ], MARKS],
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
    ['anything but true of somebody else', (entry) => entry.marks.push(['member', ROOM, AT, 'ann', 1, 1])],
    ['a read of no conversation', (entry) => entry.pieces.push([...piece, 'CH1', 3])],
    ['a read without an index', (entry) => entry.pieces.push([...piece, ROOM])],
    ['a read up to a negative index', (entry) => entry.pieces.push([...piece, ROOM, -1])],
    [
      'a message up to an index',
      (entry) => entry.pieces.push(['ann', 'messaged', ...piece.slice(2), ROOM, 3]),
    ],
    ['nobody who left', (entry) => entry.marks.push(['left', ROOM, AT])],
  ] satisfies [string, (entry: Entry) => void][])('with %s is none', (_, change) => {
    expect(parseEntry(changed(change))).toBeNull();
  });
});
