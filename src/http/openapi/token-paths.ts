import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { tokenAnswerSchema, tokenRequestSchema } from '../../contract.ts';
import { CALLER_SECURITY, TOKEN_PROBLEMS } from './caller-parts.ts';
import { problemResponses } from './problem-responses.ts';

/** Routes of frontends. */
export const TOKEN_PATHS: readonly RouteConfig[] = [
  {
    method: 'post',
    path: '/v1/tokens',
    operationId: 'createToken',
    tags: ['frontend'],
    summary: 'A Twilio access token for the person who asks',
    description:
      'The first credential present decides who asks: `Authorization: Bearer`, `X-Api-Key` with `X-Subject`, ' +
      '`Authorization: Guest`, the session cookie, the guest cookie. The person is counted in the month, once, ' +
      'before the answer is written. Safe to repeat.',
    security: CALLER_SECURITY,
    request: { body: { required: true, content: { 'application/json': { schema: tokenRequestSchema } } } },
    responses: {
      200: {
        description: 'A token; the mint is in the ledger.',
        content: { 'application/json': { schema: tokenAnswerSchema } },
      },
      ...problemResponses(TOKEN_PROBLEMS),
    },
  },
];
