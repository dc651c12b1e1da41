import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { BODY_PROBLEMS, LEDGER_PROBLEMS } from './problem-groups.ts';
import { problemResponses } from './problem-responses.ts';

const formOf = (event: string) =>
  z.looseObject({
    EventType: z.string().meta({ description: `Such as \`${event}\`.` }),
    AccountSid: z.string(),
  });

const cloudEvent = z.looseObject({
  specversion: z.string(),
  type: z.string().meta({ description: 'Such as `com.twilio.conversations.message.added`.' }),
  data: z.looseObject({}).meta({ description: 'The fields of the webhook that tells the same.' }),
});

const service = z
  .string()
  .optional()
  .meta({ description: 'Which service, for events that do not say, when the account has several.' });

const EVIDENCE_PROBLEMS = ['forbidden', 'not-found', ...BODY_PROBLEMS, ...LEDGER_PROBLEMS] as const;

const taken = {
  description: 'Taken. An empty object.',
  content: { 'application/json': { schema: { type: 'object' as const } } },
};

/** What Twilio calls. */
export const WEBHOOK_PATHS: readonly RouteConfig[] = [
  {
    method: 'post',
    path: '/v1/webhooks/twilio',
    operationId: 'takeTwilioWebhook',
    tags: ['provider'],
    summary: 'Post-action webhooks of Twilio Conversations',
    description:
      'Evidence of who was active. Signed by Twilio over PUBLIC_URL with path and query. Answered within a second; ' +
      'evidence is in the ledger or in the local journal before the 200. Unknown events are counted and answered 200. ' +
      'Safe to repeat, in any order.',
    security: [{ twilioSignature: [] }],
    request: {
      query: z.object({ service }),
      body: {
        required: true,
        content: { 'application/x-www-form-urlencoded': { schema: formOf('onMessageAdded') } },
      },
    },
    responses: { 200: taken, ...problemResponses(EVIDENCE_PROBLEMS) },
  },
  {
    method: 'post',
    path: '/v1/webhooks/twilio/guard',
    operationId: 'guardTwilioAction',
    tags: ['provider'],
    summary: 'Pre-action webhooks of Twilio Conversations',
    description:
      'Lets an action happen, or stops it: only a verified `onParticipantAdd` of somebody whom a blocking budget or a ' +
      'freeze refuses is stopped. Who is let in is counted in the same step. Everything else is answered 200 within a ' +
      'second, whatever is wrong with it, and records nothing.',
    security: [{ twilioSignature: [] }],
    request: {
      query: z.object({ service }),
      body: {
        required: true,
        content: { 'application/x-www-form-urlencoded': { schema: formOf('onParticipantAdd') } },
      },
    },
    responses: { 200: taken, ...problemResponses(['new-identities-frozen', 'mau-budget-exhausted']) },
  },
  {
    method: 'post',
    path: '/v1/webhooks/twilio/event-streams',
    operationId: 'takeTwilioEvents',
    tags: ['provider'],
    summary: 'Batches of Twilio Event Streams',
    description:
      'The durable twin of the post-action webhooks: CloudEvents, as a list of at most 1,000 or one alone, signed over ' +
      'the address with the hash of the body in `bodySHA256`. All that the batch proves is kept before the 200; what ' +
      'cannot be read is counted and not sent again. Safe to repeat, in any order, beside webhooks.',
    security: [{ twilioSignature: [] }],
    request: {
      query: z.object({
        bodySHA256: z.string().meta({ description: 'SHA-256 of the body, hex.' }),
        service,
      }),
      body: {
        required: true,
        content: { 'application/json': { schema: z.union([z.array(cloudEvent), cloudEvent]) } },
      },
    },
    responses: { 200: taken, ...problemResponses(['invalid-request', ...EVIDENCE_PROBLEMS]) },
  },
];
