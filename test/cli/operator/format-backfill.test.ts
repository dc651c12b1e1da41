import { expect, test } from '@jest/globals';
import { formatBackfillLine } from '../../../src/cli/operator/format-backfill.ts';
import { type BackfillAnswer, backfillSchema } from '../../../src/contract/backfill.ts';

const ANSWER: BackfillAnswer = {
  ...{ month: '2026-11', service: 'default', state: 'running', phase: 'conversations' },
  ...{ startedAt: '2026-11-20T21:00:00Z', updatedAt: '2026-11-20T21:00:00Z' },
  read: { calls: 4_700, users: 5_000, conversations: 2_300, participants: 4_600, messages: 14_000 },
  there: { conversations: 12_000, complete: true },
  found: { acts: 20_000, known: 900, added: 130, addedBefore: 0, apart: 0 },
  ...{ trouble: null, unseen: [] },
};

test.each([
  [{ phase: 'users', there: null }, '5,000 users read'],
  [{ there: { conversations: 4_300, complete: false } }, '4,300 conversations counted so far'],
  [{}, '2,300 of about 12,000 conversations, 14,000 messages read'],
  [{ there: null }, '2,300 conversations, 14,000 messages read'],
] as const)('what is told of %j', (change, words) => {
  const line = formatBackfillLine({ ...ANSWER, ...change });
  expect(line).toBe(`2026-11: ${words}, 130 identities added, 4,700 calls`);
});

test('an answer of a gateway that does not count yet is understood', () => {
  const { there: _, ...older } = ANSWER;
  expect(backfillSchema.parse(older)).toEqual({ ...ANSWER, there: null });
});
