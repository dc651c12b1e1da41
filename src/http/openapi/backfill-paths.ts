import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { backfillSchema } from '../../contract/backfill.ts';
import { reasonWriteSchema } from '../../contract/steering.ts';
import { readPath, writePath } from './steering-parts.ts';

const month = z.string().meta({ description: '`YYYY-MM`, or `current` for the current UTC month.' });
const params = z.object({ month });

/** Routes that bring what Twilio still knows of a month. */
export const BACKFILL_PATHS: readonly RouteConfig[] = [
  readPath({
    path: '/v1/months/{month}/backfill',
    operationId: 'getBackfill',
    summary: 'How far the backfill of a month is; role viewer',
    params,
    answer: backfillSchema,
  }),
  writePath({
    method: 'post',
    path: '/v1/months/{month}/backfill',
    operationId: 'orderBackfill',
    summary: 'Read the month at Twilio, or go on where that broke off; role admin',
    params,
    body: { 'application/json': reasonWriteSchema },
    answer: backfillSchema,
    status: 202,
  }),
];
