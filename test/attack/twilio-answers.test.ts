import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseIdentity } from '../../src/domain/identity.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createTwilioHistory } from '../../src/twilio/read-history.ts';
import { createServiceReader } from '../../src/twilio/read-service.ts';
import { createSetupReader } from '../../src/twilio/read-setup.ts';
import { readWaiting } from '../../src/twilio/read-waiting.ts';
import type { TwilioServices } from '../../src/twilio/twilio-services.ts';
import { type AnsweringTwilio, startAnsweringTwilio, twilioAnswers } from './answering-twilio.ts';

// What comes from Twilio's REST API, or from whoever answers in its place, read by Twilio's own library: what was asked
// for, in the form that is promised, or the one failure that names the trouble. Never another exception, and no hang.

const RUNS = { numRuns: 150 };
const DEADLINE_MS = 60_000;

let twilio: AnsweringTwilio;
let services: TwilioServices;
beforeAll(async () => {
  twilio = await startAnsweringTwilio();
  ({ services } = twilio);
});
afterAll(() => twilio.close());

describe('lists', () => {
  const dates = { date_created: '2026-11-03T10:00:00Z', date_updated: '2026-11-04T10:00:00Z' };
  const history = () => createTwilioHistory(services);
  const isInstant = (value: unknown) => Number.isFinite(value);

  test(
    'of users are names and instants',
    async () => {
      await fc.assert(
        fc.asyncProperty(twilioAnswers('users', { identity: 'm_ada', ...dates }), async (given) => {
          const page = await twilio.read(given, () => history().users(DEFAULT_SERVICE, null));
          for (const { identity, createdAt, updatedAt } of page?.items ?? []) {
            expect(typeof identity === 'string' && identity !== '').toBe(true);
            expect([createdAt, updatedAt].every(isInstant)).toBe(true);
          }
          expect(page === null || page.next === null || typeof page.next === 'string').toBe(true);
        }),
        RUNS,
      );
    },
    DEADLINE_MS,
  );

  test(
    'of conversations are SIDs and instants',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          twilioAnswers('conversations', { sid: `CH${'1'.repeat(32)}`, ...dates }),
          async (given) => {
            const before = Date.UTC(2026, 11, 1);
            const page = await twilio.read(given, () =>
              history().conversations(DEFAULT_SERVICE, before, null),
            );
            for (const { sid, createdAt } of page?.items ?? []) {
              expect(typeof sid).toBe('string');
              expect(isInstant(createdAt)).toBe(true);
            }
          },
        ),
        RUNS,
      );
    },
    DEADLINE_MS,
  );

  test(
    'of participants are names or addresses, and how far they have read',
    async () => {
      const good = {
        ...{ identity: 'm_ada', messaging_binding: { type: 'sms', address: '+15550001' }, ...dates },
        ...{ last_read_message_index: 3, last_read_timestamp: '2026-11-04T10:00:00Z' },
      };
      await fc.assert(
        fc.asyncProperty(twilioAnswers('participants', good), async (given) => {
          const page = await twilio.read(given, () => history().participants(DEFAULT_SERVICE, 'CH1', null));
          for (const { identity, address, createdAt, lastReadIndex, lastReadAt } of page?.items ?? []) {
            for (const name of [identity, address])
              expect(name === null || typeof name === 'string').toBe(true);
            expect(isInstant(createdAt)).toBe(true);
            expect(lastReadIndex === null || Number.isSafeInteger(lastReadIndex)).toBe(true);
            expect(lastReadAt === null || isInstant(lastReadAt)).toBe(true);
          }
        }),
        RUNS,
      );
    },
    DEADLINE_MS,
  );

  test(
    'of messages are authors and instants',
    async () => {
      const good = { index: 3, author: 'm_ada', participant_sid: `MB${'1'.repeat(32)}`, ...dates };
      await fc.assert(
        fc.asyncProperty(twilioAnswers('messages', good), async (given) => {
          const page = await twilio.read(given, () => history().messages(DEFAULT_SERVICE, 'CH1', null));
          for (const { index, author, participantSid, createdAt } of page?.items ?? []) {
            expect(Number.isSafeInteger(index) && index >= 0).toBe(true);
            expect(typeof author === 'string' && author !== '').toBe(true);
            expect(participantSid === null || typeof participantSid === 'string').toBe(true);
            expect(isInstant(createdAt)).toBe(true);
          }
        }),
        RUNS,
      );
    },
    DEADLINE_MS,
  );
});

describe('a service', () => {
  test(
    'and its set-up are what they are, or a failure',
    async () => {
      const good = {
        ...{ account_sid: `AC${'1'.repeat(32)}`, reachability_enabled: true, permissions: ['sendMessage'] },
        ...{ default_chat_service_role_sid: 'RL1', sid: 'RL1', filters: ['onMessageAdd'], method: 'POST' },
        ...{ pre_webhook_url: 'https://a.example', auto_creation: { enabled: true } },
      };
      await fc.assert(
        fc.asyncProperty(twilioAnswers('roles', good), async (given) => {
          const setup = await twilio.read(given, () => createSetupReader(services).read(DEFAULT_SERVICE));
          if (setup !== null) {
            const { account, service } = setup.webhooks;
            const texts = [...Object.values(setup.permissions), account.filters, service.filters].flat();
            expect(texts.every((text) => typeof text === 'string')).toBe(true);
            for (const { preUrl, postUrl, method } of [account, service]) {
              for (const text of [preUrl, postUrl, method])
                expect(text === null || typeof text === 'string').toBe(true);
            }
          }
          const found = await twilio.read(given, () => createServiceReader(services).read(DEFAULT_SERVICE));
          expect(found === null || typeof found.accountSid === 'string').toBe(true);
        }),
        RUNS,
      );
    },
    DEADLINE_MS,
  );

  test(
    'says what waits for a person, or a failure',
    async () => {
      const good = {
        ...{
          conversation_sid: `CH${'1'.repeat(32)}`,
          unread_messages_count: 2,
          conversation_state: 'active',
        },
      };
      const identity = parseIdentity('m_ada')!;
      await fc.assert(
        fc.asyncProperty(twilioAnswers('conversations', good), async (given) => {
          const waiting = await twilio.read(given, () =>
            services.read(DEFAULT_SERVICE, ({ twilio: client, serviceSid }) =>
              readWaiting(client.conversations.v1, serviceSid, identity, 50),
            ),
          );
          for (const { sid, unread } of waiting ?? []) {
            expect(typeof sid).toBe('string');
            expect(Number.isSafeInteger(unread) && unread >= 0).toBe(true);
          }
        }),
        RUNS,
      );
    },
    DEADLINE_MS,
  );
});
