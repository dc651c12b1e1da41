import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { compatTokenRequestSchema } from '../../contract/compat.ts';
import { CALLER_SECURITY, TOKEN_PROBLEMS } from './caller-parts.ts';
import { problemResponses } from './problem-responses.ts';

const shared: Pick<RouteConfig, 'tags' | 'security' | 'responses'> = {
  tags: ['frontend'],
  security: CALLER_SECURITY,
  responses: {
    200: {
      description: 'The token alone, a JWT; the mint is in the ledger.',
      content: { 'text/plain': { schema: { type: 'string' } } },
    },
    ...problemResponses(TOKEN_PROBLEMS),
  },
};

const WHEN =
  'For clients that expect the raw JWT, as Twilio’s demo apps do. 404 unless `compatibility.tokenEndpoint` is ' +
  '`login` or `password`. The same way as `POST /v1/tokens` with intent `open_chat`.';

/** The token as older clients ask for it. */
export const COMPAT_PATHS: readonly RouteConfig[] = [
  {
    ...shared,
    method: 'get',
    path: '/token',
    operationId: 'readCompatToken',
    summary: 'A Twilio access token as plain text',
    description:
      `${WHEN} A cookie needs a trusted \`Origin\`, or a script of the gateway’s own origin ` +
      '(`Sec-Fetch-Site: same-origin`). Fetching it ahead mints nothing.',
    request: { query: compatTokenRequestSchema },
  },
  {
    ...shared,
    method: 'post',
    path: '/token',
    operationId: 'createCompatToken',
    summary: 'A Twilio access token as plain text',
    description: `${WHEN} A body is not needed. A cookie needs a trusted \`Origin\` and a JSON body.`,
    request: {
      query: compatTokenRequestSchema,
      body: {
        content: {
          'application/json': { schema: compatTokenRequestSchema },
          'application/x-www-form-urlencoded': { schema: compatTokenRequestSchema },
        },
      },
    },
  },
];
