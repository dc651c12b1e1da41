import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { forecastSchema, wasteSchema } from '../../contract/figures.ts';
import { findingsSchema } from '../../contract/findings.ts';
import { ofMonth, readPath, rules, service } from './operator-parts.ts';

/** Routes of operators about what a month will be, and what of it was in vain. */
export const FIGURE_PATHS: readonly RouteConfig[] = [
  readPath({
    path: '/v1/months/{month}/forecast',
    operationId: 'getForecast',
    summary: 'What the month is thought to end with; `cost` only from the role finance on',
    params: ofMonth,
    answer: forecastSchema,
    says: 'The forecast, or why there is none.',
  }),
  readPath({
    path: '/v1/months/{month}/waste',
    operationId: 'getWaste',
    summary: 'Identities that may be billed and gave no value; role finance',
    params: ofMonth,
    query: z.object({ service, rules }),
    answer: wasteSchema,
    says: 'By kind, in identities and dollars.',
  }),
  readPath({
    path: '/v1/months/{month}/findings',
    operationId: 'getFindings',
    summary: 'What loses evidence or goes round the guard, by what the ledger shows',
    params: ofMonth,
    answer: findingsSchema,
    says: 'Each with why it matters and what to do.',
  }),
];
