import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { monthOf } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { ACCOUNT } from '../config/support.ts';
import { signBatch, signWebhook } from '../support/twilio-webhook.ts';
import { hostileText } from './hostile-values.ts';
import {
  type Answered,
  expectSound,
  NOW_MS,
  openWholeGateway,
  PUBLIC_URL,
  type WholeGateway,
} from './whole-gateway.ts';

// What comes well signed is believed to come from Twilio, and may hold anything all the same.

let whole: WholeGateway;
beforeAll(async () => {
  whole = await openWholeGateway();
});
afterAll(() => whole.close());

const FIELDS = [
  ...[
    'EventType',
    'Author',
    'Identity',
    'ClientIdentity',
    'Source',
    'ConversationSid',
    'ChatServiceSid',
    'ParticipantSid',
    'UserSid',
  ],
  ...[
    'MessagingBinding.Address',
    'MessagingBinding.AuthorAddress',
    'LastReadMessageIndex',
    'Index',
    'DateCreated',
    'DateUpdated',
  ],
  ...['DateRemoved', 'Timestamp', 'AccountSid', 'Attributes', '__proto__', 'constructor'],
];
const MEANT = [
  ...[
    'onMessageAdded',
    'onParticipantAdd',
    'onParticipantAdded',
    'onParticipantUpdated',
    'onUserAdded',
    'onConversationRemoved',
  ],
  ...[
    'SDK',
    'API',
    '2026-11-20T20:59:58.000Z',
    '1969-01-01',
    'whatsapp:+15550100',
    '+15550100',
    'ada',
    `CH${'1'.repeat(32)}`,
    '7',
  ],
];
const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...MEANT) },
  { weight: 1, arbitrary: hostileText },
);
const fields = fc
  .dictionary(
    fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...FIELDS) }, { weight: 1, arbitrary: hostileText }),
    value,
    { maxKeys: 14 },
  )
  .map((given) =>
    Object.fromEntries(Object.entries({ AccountSid: ACCOUNT, ...given }).filter(([name]) => name !== '')),
  );

/** Everything that the month says of people. */
async function books() {
  const { ledger } = whole.gateway;
  const month = monthOf(NOW_MS);
  const people = await ledger.identities(DEFAULT_SERVICE, month, { after: null, limit: 1_000 });
  return JSON.stringify([await ledger.totals(DEFAULT_SERVICE, month), people.items]);
}

/** Sends it twice; the second time changes nothing. */
async function sendTwice(send: () => Promise<Answered>, statuses: readonly number[]) {
  const first = await send();
  expectSound(first);
  expect(statuses).toContain(first.status);
  const before = await books();
  expect((await send()).status).toBe(first.status);
  expect(await books()).toBe(before);
}

test.each(['/v1/webhooks/twilio', '/v1/webhooks/twilio/guard'])(
  '%s takes any signed form, and takes it once',
  async (path) => {
    const statuses = path.endsWith('guard') ? [200] : [200, 403];
    await fc.assert(
      fc.asyncProperty(fields, async (form) => {
        const body = new URLSearchParams(form).toString();
        const sent = Object.fromEntries(new URLSearchParams(body));
        const headers = {
          'content-type': 'application/x-www-form-urlencoded',
          'x-twilio-signature': signWebhook(`${PUBLIC_URL}${path}`, sent),
        };
        await sendTwice(() => whole.ask({ path, headers, body }), statuses);
      }),
      { numRuns: 200 },
    );
    expect(whole.errors).toEqual([]);
  },
  90_000,
);

test('Event Streams takes any signed batch, and takes it once', async () => {
  const path = '/v1/webhooks/twilio/event-streams';
  const type = fc.oneof(
    fc
      .constantFrom('message.added', 'participant.added', 'participant.updated', 'user.added')
      .map((name) => `com.twilio.conversations.${name}`),
    hostileText,
  );
  const event = fc.oneof(
    fc.record({
      specversion: fc.constant('1.0'),
      type,
      time: value,
      data: fc.oneof(fields, fc.jsonValue({ maxDepth: 3 })),
    }),
    fc.jsonValue({ maxDepth: 4 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.array(event, { maxLength: 6 }), event), async (batch) => {
      const body = JSON.stringify(batch);
      const { url, signature } = signBatch(`${PUBLIC_URL}${path}`, body);
      const headers = { 'content-type': 'application/json', 'x-twilio-signature': signature };
      await sendTwice(() => whole.ask({ path: url.slice(PUBLIC_URL.length), headers, body }), [200, 400]);
    }),
    { numRuns: 200 },
  );
  expect(whole.errors).toEqual([]);
}, 90_000);
