import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { forecastSchema, wasteSchema } from '../../contract/figures.ts';
import { findingsSchema } from '../../contract/findings.ts';
import type { ProblemCode } from '../problem-code.ts';
import { problemResponses } from './problem-responses.ts';

const PROBLEMS: readonly ProblemCode[] = [
  ...(['invalid-request', 'unauthenticated', 'forbidden', 'not-found', 'not-acceptable'] as const),
  ...(['internal', 'ledger-unavailable'] as const),
];

const service = z.string().optional().meta({ description: 'Configured service; `default` unless told.' });
const rules = z.string().optional().meta({ description: 'Version of the counting rules to count by.' });
const month = z.string().meta({ description: '`YYYY-MM`, or `current` for the current UTC month.' });
const shared = { tags: ['operator'], security: [{ operatorKey: [] }], method: 'get' as const };
const params = z.object({ month });

/** Routes of operators about what a month will be, and what of it was in vain. */
export const FIGURE_PATHS: readonly RouteConfig[] = [
  {
    ...shared,
    path: '/v1/months/{month}/forecast',
    operationId: 'getForecast',
    summary: 'What the month is thought to end with; `cost` only from the role finance on',
    request: { params, query: z.object({ service }) },
    responses: answers('The forecast, or why there is none.', forecastSchema),
  },
  {
    ...shared,
    path: '/v1/months/{month}/waste',
    operationId: 'getWaste',
    summary: 'Identities that may be billed and gave no value; role finance',
    request: { params, query: z.object({ service, rules }) },
    responses: answers('By kind, in identities and dollars.', wasteSchema),
  },
  {
    ...shared,
    path: '/v1/months/{month}/findings',
    operationId: 'getFindings',
    summary: 'What loses evidence or goes round the guard, by what the ledger shows',
    request: { params, query: z.object({ service }) },
    responses: answers('Each with why it matters and what to do.', findingsSchema),
  },
];

function answers(description: string, schema: z.ZodType): RouteConfig['responses'] {
  return {
    200: { description, content: { 'application/json': { schema } } },
    ...problemResponses(PROBLEMS),
  };
}
