import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import {
  archiveListSchema,
  archiveVerificationSchema,
  archiveWriteSchema,
  monthArchiveSchema,
} from '../../contract/archive.ts';
import { reasonWriteSchema } from '../../contract/steering.ts';
import { ofMonth, readPath, writePath } from './operator-parts.ts';

/** Routes about rows that leave the ledger, and come back. */
export const ARCHIVE_PATHS: readonly RouteConfig[] = [
  readPath({
    path: '/v1/archive',
    operationId: 'listArchive',
    summary: 'How every month stands between ledger and archive; role finance',
    answer: archiveListSchema,
  }),
  readPath({
    path: '/v1/archive/verification',
    operationId: 'verifyArchive',
    summary: 'Read the whole archive and walk its chain; role finance',
    answer: archiveVerificationSchema,
  }),
  readPath({
    path: '/v1/months/{month}/archive',
    operationId: 'getMonthArchive',
    summary: 'How the month stands between ledger and archive; role finance',
    params: ofMonth,
    answer: monthArchiveSchema,
  }),
  writePath({
    method: 'post',
    path: '/v1/months/{month}/archive',
    operationId: 'archiveMonth',
    summary: 'Write a closed month to the archive, and take its rows out of the ledger if told; role admin',
    params: ofMonth,
    body: { 'application/json': archiveWriteSchema },
    answer: monthArchiveSchema,
    status: 202,
  }),
  writePath({
    method: 'post',
    path: '/v1/months/{month}/restore',
    operationId: 'restoreMonth',
    summary: 'Put a month of the archive back into the ledger; role admin',
    params: ofMonth,
    body: { 'application/json': reasonWriteSchema },
    answer: monthArchiveSchema,
    status: 202,
  }),
];
