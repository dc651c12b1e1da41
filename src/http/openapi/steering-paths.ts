import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { erasureReportSchema, erasureWriteSchema } from '../../contract/erasure.ts';
import { explanationAnswerSchema, explanationRequestSchema } from '../../contract/explanation.ts';
import { simulationAnswerSchema, simulationRequestSchema } from '../../contract/simulation.ts';
import {
  auditPageSchema,
  blockAnswerSchema,
  budgetAnswerSchema,
  budgetWriteSchema,
  duplicatesAnswerSchema,
  freezeAnswerSchema,
  identityPageSchema,
  importReportSchema,
  raiseSchema,
  raisesAnswerSchema,
  raiseWriteSchema,
  reasonWriteSchema,
} from '../../contract/steering.ts';
import {
  cursor,
  ofMonth,
  pageLimit,
  questionPath,
  readPath,
  reason,
  service,
  writePath,
} from './operator-parts.ts';

const identity = z.object({ identity: z.string().meta({ description: 'As Twilio knows it.' }) });
const file = z.string().meta({
  description:
    'Columns or fields `subject`, `identity`, and where needed `issuer` and `class`; 16 MB at most.',
});
const json = (schema: z.ZodType) => ({ 'application/json': schema });

/** Routes that operators steer with. */
export const STEERING_PATHS: readonly RouteConfig[] = [
  readPath({
    path: '/v1/budget',
    operationId: 'getBudget',
    summary: 'The budget of the current month, and how far it is used',
    answer: budgetAnswerSchema,
    tagged: true,
  }),
  writePath({
    method: 'put',
    path: '/v1/budget',
    operationId: 'setBudget',
    summary: 'Set the budget of the current month and those after it; role admin',
    body: json(budgetWriteSchema),
    ifMatch: 'required',
    answer: budgetAnswerSchema,
    tagged: true,
  }),
  readPath({
    path: '/v1/budget/raises',
    operationId: 'listRaises',
    summary: 'Temporary raises of the current month',
    answer: raisesAnswerSchema,
  }),
  writePath({
    method: 'post',
    path: '/v1/budget/raises',
    operationId: 'addRaise',
    summary: 'Raise a limit for a time; role admin',
    body: json(raiseWriteSchema),
    ifMatch: 'allowed',
    answer: raiseSchema,
    status: 201,
  }),
  writePath({
    method: 'delete',
    path: '/v1/budget/raises/{id}',
    operationId: 'endRaise',
    summary: 'End a raise at once; role admin',
    params: z.object({ id: z.string() }),
    ifMatch: 'allowed',
    answer: raiseSchema,
  }),
  readPath({
    path: '/v1/freeze',
    operationId: 'getFreeze',
    summary: 'Whether new people are admitted',
    answer: freezeAnswerSchema,
    tagged: true,
  }),
  writePath({
    method: 'put',
    path: '/v1/freeze',
    operationId: 'freeze',
    summary: 'Admit nobody new; known people are still served; role admin',
    body: json(reasonWriteSchema),
    ifMatch: 'allowed',
    answer: freezeAnswerSchema,
  }),
  writePath({
    method: 'delete',
    path: '/v1/freeze',
    operationId: 'liftFreeze',
    summary: 'Admit new people again; role admin',
    ifMatch: 'allowed',
    answer: freezeAnswerSchema,
  }),
  readPath({
    path: '/v1/identities/{identity}',
    operationId: 'getIdentity',
    summary: 'Everything about one identity; role admin',
    params: identity,
    answer: identityPageSchema,
  }),
  writePath({
    method: 'put',
    path: '/v1/identities/{identity}/block',
    operationId: 'blockIdentity',
    summary: 'Stop issuing to an identity from the next request on; role admin',
    params: identity,
    body: json(reasonWriteSchema),
    answer: blockAnswerSchema,
  }),
  writePath({
    method: 'delete',
    path: '/v1/identities/{identity}/block',
    operationId: 'unblockIdentity',
    summary: 'Issue to an identity again; role admin',
    params: identity,
    answer: blockAnswerSchema,
  }),
  writePath({
    method: 'post',
    path: '/v1/identity-imports',
    operationId: 'importIdentities',
    summary: 'Take over existing user → identity pairs; role admin',
    query: z.object({
      service,
      dryRun: z.enum(['true', 'false']).optional().meta({ description: 'Only say what would be done.' }),
      reason: reason.optional().meta({ description: 'Why; needed unless `dryRun`.' }),
    }),
    body: { 'text/csv': file, 'application/x-ndjson': file },
    answer: importReportSchema,
  }),
  writePath({
    method: 'post',
    path: '/v1/erasures',
    operationId: 'erasePerson',
    summary: 'Erase a person; the counts stay; role admin',
    body: json(erasureWriteSchema),
    answer: erasureReportSchema,
  }),
  questionPath({
    path: '/v1/explanations',
    operationId: 'explain',
    summary: 'What would become of a token request, and why; mints nothing; role finance',
    question: explanationRequestSchema,
    answer: explanationAnswerSchema,
  }),
  questionPath({
    path: '/v1/simulations',
    operationId: 'simulate',
    summary: 'Try a policy on a recorded month; writes nothing; role finance',
    question: simulationRequestSchema,
    answer: simulationAnswerSchema,
  }),
  readPath({
    path: '/v1/months/{month}/duplicates',
    operationId: 'findDuplicates',
    summary: 'Identities of the month that may be one person; role finance',
    params: ofMonth,
    answer: duplicatesAnswerSchema,
    mayConflict: true,
  }),
  readPath({
    path: '/v1/audit',
    operationId: 'listAudit',
    summary: 'Every write of an operator, newest first; role admin',
    query: z.object({ service, cursor, limit: pageLimit }),
    answer: auditPageSchema,
  }),
];
