import { expect, test } from '@jest/globals';
import type { ConversationMark } from '../../../src/ledger/conversations.ts';
import { gatherMarks } from '../../../src/ledger/redis/evidence/gather-marks.ts';
import { conversationSid, identityOf } from '../contract/builders.ts';

const [ANN, ROOM] = [identityOf('ann'), conversationSid(1)];
const AT = Date.parse('2026-11-20T12:00:00.500Z');

const message = (index: number, at = AT): ConversationMark => ({
  ...{ kind: 'message', conversation: ROOM, index, author: ANN, at },
});
const member = (lastRead: number | null, at: number): ConversationMark => ({
  ...{ kind: 'member', conversation: ROOM, identity: ANN, lastRead, at },
});

test('all that is told of a conversation becomes one entry for each month, its end one of its own', () => {
  const marks = [message(4), message(2), message(5, AT + 11 * 86_400_000)];
  const { conversations } = gatherMarks([...marks, { kind: 'removed', conversation: ROOM, at: AT }]);
  expect(conversations).toEqual([
    { conversation: ROOM, messages: 5, removed: false, month: '2026-11' },
    { conversation: ROOM, messages: 6, removed: false, month: '2026-12' },
    { conversation: ROOM, messages: 0, removed: true, month: null },
  ]);
});

test('a member has read the furthest that any mark says, and is what the latest says', () => {
  const left: ConversationMark = { kind: 'left', conversation: ROOM, identity: ANN, at: AT + 1 };
  const { members } = gatherMarks([member(7, AT), left, member(null, AT + 1), message(3, AT + 9_000)]);
  expect(members).toEqual([
    {
      ...{ identity: ANN, conversation: ROOM, read: 8, membership: 'left', at: AT + 1 },
      changed: Math.floor(AT / 1000) + 9,
      horizon: {
        month: '2026-11',
        highest: 8,
        before: 0,
        byOther: 0,
        byOtherAt: 0,
        belowOther: 0,
        othersFrom: 0,
      },
    },
  ]);
});

test('an author need not be a member', () => {
  expect(gatherMarks([message(3)]).members).toMatchObject([{ read: 4, membership: 'unknown', at: 0 }]);
});
