import { describe, expect, test } from '@jest/globals';
import { createClassByPrefix } from '../../../src/signals/class-by-prefix.ts';
import { buildEvidence } from '../../../src/signals/webhook/build-evidence.ts';
import type { WebhookForm } from '../../support/twilio-webhook.ts';

const AT = '2026-11-20T09:00:00.250Z';
const LATER = '2026-11-20T10:00:00.000Z';
const NOW_MS = Date.parse('2026-11-20T21:00:00Z');
const SID = `MB${'2'.repeat(32)}`;
const ROOM = `CH${'1'.repeat(32)}`;

const classOf = createClassByPrefix([{ name: 'member', prefix: 'm_' }]);

const CONTEXT = { source: 'webhook', nowMs: NOW_MS, classOf } as const;

function build(event: string, fields: WebhookForm) {
  return buildEvidence(event, fields, CONTEXT);
}

/** As `identity signal class at`, for reading. */
function told(event: string, fields: WebhookForm): string[] | string {
  const seen = build(event, fields);
  if (typeof seen === 'string') return seen;
  if (seen.outcome !== 'recorded') return seen.outcome;
  return seen.evidence.map(({ identity, signal, className, at }) =>
    [identity, signal, className, new Date(at).toISOString()].join(' '),
  );
}

describe('what an event proves', () => {
  const added = { DateCreated: AT };
  const updated = { DateCreated: AT, DateUpdated: LATER };
  const removed = { DateCreated: AT, DateRemoved: LATER };
  const sdk = { Source: 'SDK', ClientIdentity: 'm_ann' };
  const rest = { Source: 'API', ParticipantSid: SID };

  test.each<[string, WebhookForm, string[] | string]>([
    [
      'onMessageAdded',
      { ...added, ...sdk, Author: 'm_ann' },
      [`m_ann messaged member ${AT}`, `m_ann connected member ${AT}`],
    ],
    ['onMessageAdded', { ...added, ...rest, Author: 'ann' }, [`ann messaged unknown ${AT}`]],
    [
      'onMessageAdded',
      { ...added, ...sdk, Source: 'API', ParticipantSid: SID, Author: 'm_ann' },
      [`m_ann messaged member ${AT}`],
    ],
    // Inbound texts.
    [
      'onMessageAdded',
      { ...added, Source: 'SMS', Author: '+15550001111' },
      [`+15550001111 messaged address ${AT}`, `+15550001111 addressed address ${AT}`],
    ],
    [
      'onMessageAdded',
      { ...added, Source: 'WHATSAPP', Author: 'whatsapp:+15550001111' },
      [`whatsapp.+15550001111 messaged address ${AT}`, `whatsapp.+15550001111 addressed address ${AT}`],
    ],
    [
      'onMessageAdded',
      { ...added, Source: 'SMS', ParticipantSid: SID, Author: '12345' },
      [`address.12345 messaged address ${AT}`, `address.12345 addressed address ${AT}`],
    ],
    // Names that a URL would mangle are people's all the same.
    [
      'onMessageAdded',
      { ...added, ...sdk, ClientIdentity: 'auth0|12', Author: 'auth0|12' },
      [`~auth0~7C12 messaged unknown ${AT}`, `~auth0~7C12 connected unknown ${AT}`],
    ],
    // Names that are no person's.
    ['onMessageAdded', { ...added, Source: 'API', Author: 'system' }, 'apart'],
    ['onMessageAdded', { ...added, ...rest, Author: 'System' }, 'apart'],
    ['onMessageAdded', { ...added, Source: 'API', Author: 'Concierge' }, 'apart'],
    ['onMessageAdded', { ...added, Source: 'API', Author: 'Our Bot!' }, 'apart'],
    ['onMessageAdded', { ...added, ...rest, Author: `US${'a'.repeat(32)}` }, 'apart'],
    ['onMessageAdded', { ...added, ...rest, Author: 'x'.repeat(257) }, 'apart'],
    // Somebody of ours by the prefix, although nobody says which participant it is.
    ['onMessageAdded', { ...added, Source: 'API', Author: 'm_ann' }, [`m_ann messaged member ${AT}`]],
    // Editing and deleting say nothing about the author.
    ['onMessageUpdated', { ...updated, ...rest, Author: 'ann' }, 'nothing'],
    ['onMessageUpdated', { ...updated, ...sdk, Author: 'ann' }, [`m_ann connected member ${LATER}`]],
    ['onMessageRemoved', { ...removed, ...sdk, Author: 'ann' }, [`m_ann connected member ${LATER}`]],
    [
      'onParticipantAdded',
      { ...added, ...sdk, Identity: 'bob' },
      [`bob joined unknown ${AT}`, `m_ann connected member ${AT}`],
    ],
    [
      'onParticipantAdded',
      {
        ...added,
        'MessagingBinding.Type': 'SMS',
        'MessagingBinding.Address': '+15550001111',
        'MessagingBinding.ProxyAddress': '+15559990000',
      },
      [`+15550001111 addressed address ${AT}`],
    ],
    [
      'onParticipantAdded',
      { ...added, 'MessagingBinding.Address': 'messenger:9876' },
      [`messenger.9876 addressed address ${AT}`],
    ],
    [
      'onParticipantAdded',
      { ...added, 'MessagingBinding.Address': '12345' },
      [`address.12345 addressed address ${AT}`],
    ],
    [
      'onParticipantAdded',
      { ...added, 'MessagingBinding.Address': 'new:1' },
      [`address.new.1 addressed address ${AT}`],
    ],
    ['onParticipantAdded', added, 'malformed'],
    ['onParticipantAdded', { ...added, Identity: '' }, 'malformed'],
    ['onParticipantRemoved', { ...removed, Identity: 'm_bob' }, [`m_bob left member ${LATER}`]],
    [
      'onParticipantRemoved',
      { ...updated, 'MessagingBinding.Address': '+15550001111' },
      [`+15550001111 left address ${LATER}`],
    ],
    [
      'onParticipantUpdated',
      { ...updated, ...sdk, Identity: 'm_ann', LastReadMessageIndex: '7' },
      [`m_ann read member ${LATER}`, `m_ann connected member ${LATER}`],
    ],
    // The index comes along when somebody else changes the participant.
    [
      'onParticipantUpdated',
      { ...updated, ...sdk, Identity: 'bob', LastReadMessageIndex: '7' },
      [`m_ann connected member ${LATER}`],
    ],
    ['onParticipantUpdated', { ...updated, ...rest, Identity: 'bob', LastReadMessageIndex: '7' }, 'nothing'],
    ['onParticipantUpdated', { ...updated, Identity: 'bob', LastReadMessageIndex: 'null' }, 'nothing'],
    ['onParticipantUpdated', { ...updated, Identity: 'bob' }, 'nothing'],
    ['onUserAdded', { ...added, Identity: 'm_bob' }, [`m_bob created member ${AT}`]],
    ['onUserUpdated', { ...updated, Identity: 'm_bob', isOnline: 'true' }, [`m_bob updated member ${LATER}`]],
    ['onUserUpdated', updated, 'malformed'],
    [
      'onConversationAdded',
      { ...added, 'MessagingBinding.Address': '+15550001111' },
      [`+15550001111 addressed address ${AT}`],
    ],
    ['onConversationAdded', { ...added, ...sdk }, [`m_ann connected member ${AT}`]],
    // Nobody says who updated the participant, or whether the author is a participant.
    ['onParticipantUpdated', { ...updated, Identity: 'bob', LastReadMessageIndex: '7' }, 'nothing'],
    ['onMessageAdded', { ...added, Author: 'Concierge' }, 'apart'],
    ['onMessageAdded', { ...added, Author: 'ann', ParticipantSid: SID }, [`ann messaged unknown ${AT}`]],
    ['onConversationStateUpdated', { StateTo: 'closed' }, 'nothing'],
    // Twilio calls its time otherwise.
    ['onConversationStateUpdated', { ...sdk, StateUpdated: AT }, [`m_ann connected member ${AT}`]],
    [
      'onParticipantUpdated',
      { ...updated, ...sdk, Identity: 'm_ann', LastReadMessageIndex: '99999999999' },
      [`m_ann connected member ${LATER}`],
    ],
    [
      'onParticipantAdded',
      { ...added, 'MessagingBinding.Address': 'viber:01234567890A=' },
      [`viber.01234567890A~3D addressed address ${AT}`],
    ],
    ['onDeliveryUpdated', { ...updated, Status: 'read' }, 'nothing'],
  ])('%s %j', (event, fields, expected) => {
    expect(told(event, fields)).toEqual(expected);
  });

  test.each<[string, WebhookForm, object | null]>([
    ['where the event says so', { LastReadMessageIndex: '7' }, { conversation: ROOM, index: 7 }],
    ['not without a conversation', { LastReadMessageIndex: '7', ConversationSid: 'CH1' }, null],
  ])('says of a read how far it goes, %s', (_, fields, upTo) => {
    const form = { ...updated, ...sdk, Identity: 'm_ann', ConversationSid: ROOM, ...fields };
    const seen = build('onParticipantUpdated', form);
    const pieces = typeof seen === 'string' ? [] : seen.evidence;
    expect(pieces.map((piece) => [piece.signal, piece.upTo ?? null])).toEqual([
      ['read', upTo],
      ['connected', null],
    ]);
  });

  test('comes from webhooks, and is the same each time', () => {
    const fields = { DateCreated: AT, Identity: 'm_bob' };
    const [once, again] = [build('onUserAdded', fields), build('onUserAdded', { ...fields })];
    expect(once).toEqual({
      outcome: 'recorded',
      evidence: [
        { identity: 'm_bob', signal: 'created', at: Date.parse(AT), source: 'webhook', className: 'member' },
      ],
      marks: [],
    });
    expect(again).toEqual(once);
  });
});

describe('the time of an event', () => {
  const at = (fields: WebhookForm) => {
    const seen = build('onUserUpdated', { Identity: 'bob', ...fields });
    return typeof seen === 'string' ? seen : new Date(seen.evidence[0]!.at).toISOString();
  };

  test.each<[WebhookForm, string]>([
    [{ DateUpdated: '2026-11-20T10:00:00Z' }, '2026-11-20T10:00:00.000Z'],
    [{ DateUpdated: '2026-11-20T10:00:00.123456Z' }, '2026-11-20T10:00:00.123Z'],
    [{ DateUpdated: '2026-11-20T12:00:00+02:00' }, '2026-11-20T10:00:00.000Z'],
    [{ Timestamp: '2026-11-20T10:00:00Z' }, '2026-11-20T10:00:00.000Z'],
    // Late, but of a month that is kept.
    [{ DateUpdated: '2026-10-31T23:59:59.999Z' }, '2026-10-31T23:59:59.999Z'],
    // Clocks differ a little.
    [{ DateUpdated: '2026-11-20T21:04:59Z' }, '2026-11-20T21:04:59.000Z'],
    [{ DateUpdated: '2026-11-20T21:05:01Z' }, 'future'],
    [{ DateUpdated: '9999-12-31T23:59:59Z' }, 'future'],
    [{ DateUpdated: '2025-10-16T20:59:59Z' }, 'too-old'],
    [{ DateUpdated: '1970-01-01T00:00:00Z' }, 'too-old'],
    [{ DateUpdated: '0000-00-00T00:00:00Z' }, 'malformed'],
    [{ DateUpdated: '2026-13-41T10:00:00Z' }, 'malformed'],
    [{ DateUpdated: 'yesterday' }, 'malformed'],
    [{ DateUpdated: '1763600000' }, 'malformed'],
    [{}, 'malformed'],
    // When it was made says nothing about when it changed.
    [{ DateCreated: '2026-11-20T10:00:00Z' }, 'malformed'],
  ])('%j', (fields, expected) => {
    expect(at(fields)).toBe(expected);
  });
});

test('a field that is sent twice counts as missing', () => {
  const params = { DateCreated: AT, Identity: ['ann', 'bob'] };
  expect(buildEvidence('onUserAdded', params, CONTEXT)).toBe('malformed');
});
