import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { service } from './operator-parts.ts';
import { problemResponses } from './problem-responses.ts';

/** News of the current month, for the dashboard. */
export const EVENT_PATHS: readonly RouteConfig[] = [
  {
    tags: ['operator'],
    security: [{ operatorKey: [] }],
    method: 'get',
    path: '/v1/events',
    operationId: 'listenToMonth',
    summary: 'The current month, live, as server-sent events',
    description:
      'Event `month` holds a month summary; its id names the figures, and a `Last-Event-ID` of the same figures keeps them from being sent again. `beat` (`asOf`) comes every 10 s without a change, `away` (`since`) while the ledger does not answer. A stream ends after 15 minutes; browsers open it again.',
    request: {
      query: z.object({ service }),
      headers: z.object({
        'Last-Event-ID': z.string().optional().meta({ description: 'Id of the last event that was read.' }),
      }),
    },
    responses: {
      200: { description: 'A stream.', content: { 'text/event-stream': { schema: z.string() } } },
      ...problemResponses([
        ...(['invalid-request', 'unauthenticated', 'forbidden', 'not-found', 'rate-limited'] as const),
        'internal',
      ]),
    },
  },
];
