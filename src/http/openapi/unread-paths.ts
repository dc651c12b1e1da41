import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { unreadAnswerSchema } from '../../contract/unread.ts';
import { CALLER_PROBLEMS, CALLER_SECURITY } from './caller-parts.ts';
import { problemResponses } from './problem-responses.ts';

/** What a person may ask about themselves. */
export const UNREAD_PATHS: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/v1/me/unread',
    operationId: 'readUnread',
    tags: ['frontend'],
    summary: 'How many messages wait for the one who asks',
    description:
      'For a badge on a chat that is not open. The same credentials as for a token. Mints nothing, counts nobody, and ' +
      'makes nobody active at Twilio. The tag changes with SIDs and counts.',
    security: CALLER_SECURITY,
    request: {
      query: z.object({
        service: z.string().optional().meta({ description: 'Name of the service; `default` unless told.' }),
      }),
      headers: z.object({
        'If-None-Match': z.string().optional().meta({ description: 'The `ETag` of an earlier answer.' }),
      }),
    },
    responses: {
      200: {
        description: 'What waits.',
        headers: { ETag: { description: 'Weak.', schema: { type: 'string' as const } } },
        content: { 'application/json': { schema: unreadAnswerSchema } },
      },
      304: { description: 'Nothing has changed.' },
      ...problemResponses(CALLER_PROBLEMS),
    },
  },
];
