import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import {
  daysAnswerSchema,
  identitiesPageSchema,
  mintsPageSchema,
  monthSummarySchema,
  monthsAnswerSchema,
} from '../../contract.ts';
import { SIGNALS } from '../../domain/signal.ts';
import { ofMonth, readPath, rules, service } from './operator-parts.ts';

const signals = (what: string) => z.array(z.enum(SIGNALS)).optional().meta({ description: what });

const paging = {
  service,
  cursor: z
    .string()
    .optional()
    .meta({ description: '`nextCursor` of the page before, or `X-Next-Cursor` of the part before.' }),
  limit: z.int().min(1).max(50_000).optional().meta({
    description:
      'JSON: rows of a page, 100 unless told, 1000 at most. Exports: rows of a part, 50000 at most; every row unless told.',
  }),
  class: z.string().optional().meta({ description: 'Only this class.' }),
  q: z.string().optional().meta({ description: 'Only the identity that is, or begins with, this.' }),
};

const ROWS = { exported: true, says: 'A page, or as CSV or NDJSON all rows.' } as const;

/** Routes of operators about months. */
export const MONTH_PATHS: readonly RouteConfig[] = [
  readPath({
    path: '/v1/months',
    operationId: 'listMonths',
    summary: 'The current month and those with data, newest first',
    query: z.object({
      ...{ service, rules },
      limit: z
        .int()
        .min(1)
        .max(120)
        .optional()
        .meta({ description: 'Months to list, the newest 13 unless told.' }),
    }),
    answer: monthsAnswerSchema,
    says: 'The months.',
  }),
  readPath({
    path: '/v1/months/{month}',
    operationId: 'getMonth',
    summary: 'The figures of a month; zeros for one without data',
    params: ofMonth,
    query: z.object({ service, rules }),
    answer: monthSummarySchema,
    says: 'The figures; `cost` only from the role finance on.',
  }),
  readPath({
    path: '/v1/months/{month}/days',
    operationId: 'listDays',
    summary: 'The month day by day',
    params: ofMonth,
    answer: daysAnswerSchema,
    says: 'One row for every day so far.',
  }),
  readPath({
    path: '/v1/months/{month}/identities',
    operationId: 'listIdentities',
    summary: 'Who is in the month; role finance',
    params: ofMonth,
    query: z.object({
      ...paging,
      signal: signals('Only identities with all of these.'),
      not: signals('Only identities with none of these.'),
    }),
    answer: identitiesPageSchema,
    ...ROWS,
  }),
  readPath({
    path: '/v1/months/{month}/mints',
    operationId: 'listMints',
    summary: 'Every mint of the month in its order; role finance',
    params: ofMonth,
    query: z.object(paging),
    answer: mintsPageSchema,
    ...ROWS,
  }),
];
