import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { alertsPageSchema } from '../../contract/alerts.ts';
import { problemResponses } from './problem-responses.ts';

/** Alerts, for operators. */
export const ALERT_PATHS: readonly RouteConfig[] = [
  {
    tags: ['operator'],
    security: [{ operatorKey: [] }],
    method: 'get',
    path: '/v1/alerts',
    operationId: 'listAlerts',
    summary: 'Alerts that fired, newest first, and their delivery',
    request: {
      query: z.object({
        service: z.string().optional().meta({ description: 'Configured service; `default` unless told.' }),
        cursor: z.string().optional().meta({ description: '`nextCursor` of the page before.' }),
        limit: z.int().min(1).max(1000).optional().meta({ description: 'Rows of a page, 100 unless told.' }),
      }),
    },
    responses: {
      200: { description: 'A page.', content: { 'application/json': { schema: alertsPageSchema } } },
      ...problemResponses([
        ...(['invalid-request', 'unauthenticated', 'forbidden', 'not-found', 'not-acceptable'] as const),
        ...(['internal', 'ledger-unavailable'] as const),
      ]),
    },
  },
];
