import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { backfillSchema } from '../../contract/backfill.ts';
import { reasonWriteSchema } from '../../contract/steering.ts';
import { ofMonth, readPath, writePath } from './operator-parts.ts';

/** Routes that bring what Twilio still knows of a month. */
export const BACKFILL_PATHS: readonly RouteConfig[] = [
  readPath({
    path: '/v1/months/{month}/backfill',
    operationId: 'getBackfill',
    summary: 'How far the backfill of a month is; role viewer',
    params: ofMonth,
    answer: backfillSchema,
  }),
  writePath({
    method: 'post',
    path: '/v1/months/{month}/backfill',
    operationId: 'orderBackfill',
    summary: 'Read the month at Twilio, or go on where that broke off; role admin',
    params: ofMonth,
    body: { 'application/json': reasonWriteSchema },
    answer: backfillSchema,
    status: 202,
  }),
];
