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
import type { ProblemCode } from '../problem-code.ts';
import { problemResponses } from './problem-responses.ts';

const month = z.string().meta({ description: '`YYYY-MM`, or `current` for the current UTC month.' });
const service = z.string().optional().meta({ description: 'Configured service; `default` unless told.' });
const params = z.object({ month });
const rules = z.string().optional().meta({
  description: 'Version of the counting rules to count by; those in force unless told.',
});
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

const PROBLEMS: readonly ProblemCode[] = [
  'invalid-request',
  'unauthenticated',
  'forbidden',
  'not-found',
  'not-acceptable',
  'internal',
  'ledger-unavailable',
];

const shared = { tags: ['operator'], security: [{ operatorKey: [] }] };

/** Routes of operators about months. */
export const MONTH_PATHS: readonly RouteConfig[] = [
  {
    ...shared,
    method: 'get',
    path: '/v1/months',
    operationId: 'listMonths',
    summary: 'Months with at least one identity, newest first',
    request: {
      query: z.object({
        ...{ service, rules },
        limit: z.int().min(1).optional().meta({ description: 'Months to list, 13 unless told.' }),
      }),
    },
    responses: answers('The months.', monthsAnswerSchema),
  },
  {
    ...shared,
    method: 'get',
    path: '/v1/months/{month}',
    operationId: 'getMonth',
    summary: 'The figures of a month; zeros for one without data',
    request: { params, query: z.object({ service, rules }) },
    responses: answers('The figures; `cost` only from the role finance on.', monthSummarySchema),
  },
  {
    ...shared,
    method: 'get',
    path: '/v1/months/{month}/days',
    operationId: 'listDays',
    summary: 'The month day by day',
    request: { params, query: z.object({ service }) },
    responses: answers('One row for every day so far.', daysAnswerSchema),
  },
  {
    ...shared,
    method: 'get',
    path: '/v1/months/{month}/identities',
    operationId: 'listIdentities',
    summary: 'Who is in the month; role finance',
    request: {
      params,
      query: z.object({
        ...paging,
        signal: signals('Only identities with all of these.'),
        not: signals('Only identities with none of these.'),
      }),
    },
    responses: answers('A page, or as CSV or NDJSON all rows.', identitiesPageSchema, true),
  },
  {
    ...shared,
    method: 'get',
    path: '/v1/months/{month}/mints',
    operationId: 'listMints',
    summary: 'Every mint of the month in its order; role finance',
    request: { params, query: z.object(paging) },
    responses: answers('A page, or as CSV or NDJSON all rows.', mintsPageSchema, true),
  },
];

function answers(description: string, schema: z.ZodType, exported = false): RouteConfig['responses'] {
  const text = { schema: { type: 'string' as const } };
  const files = exported ? { 'text/csv': text, 'application/x-ndjson': text } : {};
  return {
    200: { description, content: { 'application/json': { schema }, ...files } },
    ...problemResponses(PROBLEMS),
  };
}
