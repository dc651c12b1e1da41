import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { problemResponses } from './problem-responses.ts';

const webhookForm = z.looseObject({
  EventType: z.string().meta({ description: 'Such as `onMessageAdded`.' }),
  AccountSid: z.string(),
});

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
      query: z.object({
        service: z
          .string()
          .optional()
          .meta({ description: 'Which service, for events that do not say, when the account has several.' }),
      }),
      body: { required: true, content: { 'application/x-www-form-urlencoded': { schema: webhookForm } } },
    },
    responses: {
      200: {
        description: 'Taken. An empty object.',
        content: { 'application/json': { schema: { type: 'object' as const } } },
      },
      ...problemResponses([
        'forbidden',
        'not-found',
        'payload-too-large',
        'unsupported-media-type',
        'internal',
        'ledger-unavailable',
      ]),
    },
  },
];
