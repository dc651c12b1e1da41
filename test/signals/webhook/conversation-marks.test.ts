import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { INDEX_MAX } from '../../../src/ledger/conversations.ts';
import { readConversationMarks } from '../../../src/signals/webhook/conversation-marks.ts';
import { EVENT_RULES } from '../../../src/signals/webhook/event-rules.ts';
import type { WebhookForm } from '../../support/twilio-webhook.ts';

const AT = Date.parse('2026-11-20T09:00:00Z');
const CONVERSATION = `CH${'1a'.repeat(16)}`;
const SID = `MB${'2'.repeat(32)}`;
const NO_IDENTITY = `US${'a'.repeat(32)}`;
const sdk = { Source: 'SDK', ClientIdentity: 'ann' };

const read = (event: string, fields: WebhookForm) =>
  readConversationMarks(event, { ConversationSid: CONVERSATION, ...fields }, AT);

describe('the mark of an event', () => {
  const message = (index: number, author: string | null) => ({ kind: 'message', index, author });
  const member = (lastRead: number | null) => ({ kind: 'member', identity: 'ann', lastRead });
  const memberByOther = (lastRead: number) => ({ ...member(lastRead), byOther: true });

  test.each<[string, WebhookForm, object | null]>([
    ['onMessageAdded', { Index: '0', Author: 'ann', Source: 'SDK' }, message(0, 'ann')],
    // A server writes in her name: she has read nothing by that.
    ['onMessageAdded', { Index: '7', Author: 'ann', Source: 'API', ParticipantSid: SID }, message(7, null)],
    ['onMessageAdded', { Index: '7', Author: '+15550001111', Source: 'SMS' }, message(7, null)],
    ['onMessageAdded', { Index: '7', Author: 'whatsapp:+15550001111', Source: 'SMS' }, message(7, null)],
    ['onMessageAdded', { Index: '7', Author: '12345', Source: 'SMS', ParticipantSid: SID }, message(7, null)],
    // Her name is a phone number, and it was her client.
    [
      'onMessageAdded',
      { Index: '7', Author: '+15550001111', Source: 'SDK', ClientIdentity: '+15550001111' },
      message(7, '+15550001111'),
    ],
    ['onMessageAdded', { Index: '7', Author: 'system', Source: 'SDK' }, message(7, null)],
    ['onMessageAdded', { Index: '7', Author: NO_IDENTITY, Source: 'SDK' }, message(7, null)],
    ['onMessageAdded', { Index: '7' }, message(7, null)],
    // Event Streams name no source.
    ['onMessageAdded', { Index: '7', Author: 'ann', ParticipantSid: SID }, message(7, 'ann')],
    ['onMessageAdded', { Index: '7', Author: 'Concierge' }, message(7, null)],
    ['onMessageAdded', { Index: String(INDEX_MAX), Author: 'ann', Source: 'SDK' }, message(INDEX_MAX, 'ann')],
    ['onMessageAdded', { Index: String(INDEX_MAX + 1), Author: 'ann' }, null],
    ['onMessageAdded', { Index: '-1', Author: 'ann' }, null],
    ['onMessageAdded', { Index: '1e3', Author: 'ann' }, null],
    ['onMessageAdded', { Author: 'ann' }, null],
    ['onMessageUpdated', { Index: '7', Author: 'ann' }, null],
    ['onParticipantAdded', { Identity: 'ann' }, member(null)],
    ['onParticipantAdded', { Identity: 'ann', LastReadMessageIndex: '3' }, memberByOther(3)],
    ['onParticipantAdded', { Identity: 'ann', LastReadMessageIndex: '3', ...sdk }, memberByOther(3)],
    // Whoever moved it: that is how far they have read at Twilio.
    ['onParticipantUpdated', { Identity: 'ann', LastReadMessageIndex: '3', Source: 'API' }, memberByOther(3)],
    ['onParticipantUpdated', { Identity: 'ann', LastReadMessageIndex: '3', Source: 'SDK' }, member(3)],
    ['onParticipantUpdated', { Identity: 'ann', LastReadMessageIndex: '3', ...sdk }, member(3)],
    [
      'onParticipantUpdated',
      { Identity: 'ann', LastReadMessageIndex: '3', ...sdk, ClientIdentity: 'bob' },
      memberByOther(3),
    ],
    // Event Streams do not say who it was: it may have been she.
    ['onParticipantUpdated', { Identity: 'ann', LastReadMessageIndex: '3' }, member(3)],
    ['onParticipantUpdated', { Identity: 'ann', Source: 'API' }, member(null)],
    ['onParticipantUpdated', { Identity: 'ann', LastReadMessageIndex: 'null' }, member(null)],
    ['onParticipantUpdated', { Identity: NO_IDENTITY }, null],
    ['onParticipantAdded', { 'MessagingBinding.Address': '+15550001111' }, null],
    ['onParticipantRemoved', { Identity: 'ann' }, { kind: 'left', identity: 'ann' }],
    ['onParticipantRemoved', { 'MessagingBinding.Address': '+15550001111' }, null],
    ['onConversationRemoved', {}, { kind: 'removed' }],
    ['onConversationUpdated', {}, null],
    ['toString', {}, null],
  ])('%s %j', (event, fields, expected) => {
    const whole = expected === null ? [] : [{ conversation: CONVERSATION, at: AT, ...expected }];
    expect(read(event, fields)).toEqual(whole);
  });

  test.each(['', 'CH1', `CH${'A'.repeat(32)}`, `IS${'1'.repeat(32)}`, `${CONVERSATION}0`])(
    'none without a conversation: %j',
    (sid) => {
      expect(read('onConversationRemoved', { ConversationSid: sid })).toEqual([]);
    },
  );

  test('never more than one, whatever an event holds', () => {
    const form = fc.dictionary(
      fc.constantFrom('Index', 'Author', 'Identity', 'Source', 'LastReadMessageIndex', 'ParticipantSid'),
      fc.oneof(fc.string(), fc.constantFrom('ann', '0', '4294967295', 'SDK', 'API')),
    );
    const anything = fc.property(fc.constantFrom(...Object.keys(EVENT_RULES)), form, (event, fields) => {
      const marks = read(event, fields);
      expect(marks.length).toBeLessThanOrEqual(1);
      for (const mark of marks) {
        if (mark.kind === 'message') expect(Number.isSafeInteger(mark.index) && mark.index >= 0).toBe(true);
      }
    });
    fc.assert(anything, { numRuns: 300 });
  });
});
