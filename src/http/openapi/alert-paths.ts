import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { alertsPageSchema } from '../../contract/alerts.ts';
import { cursor, pageLimit, readPath, service } from './operator-parts.ts';

/** Alerts, for operators. */
export const ALERT_PATHS: readonly RouteConfig[] = [
  readPath({
    path: '/v1/alerts',
    operationId: 'listAlerts',
    summary: 'Alerts that fired, newest first, and their delivery',
    query: z.object({ service, cursor, limit: pageLimit }),
    answer: alertsPageSchema,
    says: 'A page.',
  }),
];
