import { expect, test } from '@jest/globals';
import type { Month } from '../../../src/domain/month.ts';
import { readMessage, readParticipant } from '../../../src/signals/backfill/read-acts.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const DAY = 86_400_000;
const ROOM = `CH${'1'.repeat(32)}`;
const context = { month: '2026-11' as Month, nowMs: NOW, classOf: () => 'member' };

function cameAt(createdAt: number) {
  const read = { lastReadIndex: 3, lastReadAt: createdAt + 1_000 };
  return readParticipant(ROOM, { sid: 'MB1', identity: 'm_ann', address: null, createdAt, ...read }, context);
}

test('whoever came longer ago than any event is believed is a member still, and counts for nothing', () => {
  const { evidence, marks } = cameAt(NOW - 450 * DAY);
  expect(evidence).toEqual([]);
  expect(marks).toMatchObject([
    { kind: 'member', identity: 'm_ann', at: NOW - 450 * DAY },
    { kind: 'member', identity: 'm_ann', lastRead: 3 },
  ]);
});

test('what is yet to come is not believed', () => {
  const message = { index: 0, author: 'm_ann', participantSid: 'MB1', createdAt: NOW + 600_000 };
  expect(readMessage(ROOM, message, false, context)).toEqual({ evidence: [], marks: [], apart: 0 });
});
