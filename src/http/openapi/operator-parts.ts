import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { ProblemCode } from '../problem-code.ts';
import { BODY_PROBLEMS, LEDGER_PROBLEMS } from './problem-groups.ts';
import { problemResponses } from './problem-responses.ts';

/** What the routes of operators have in common. */

export const month = z.string().meta({ description: '`YYYY-MM`, or `current` for the current UTC month.' });

export const ofMonth = z.object({ month });

export const service = z
  .string()
  .optional()
  .meta({ description: 'Configured service; `default` unless told.' });

export const reason = z
  .string()
  .min(1)
  .max(500)
  .meta({ description: 'Why; kept in the audit log. Name no person in it.' });

export const cursor = z.string().optional().meta({ description: '`nextCursor` of the page before.' });

export const pageLimit = z
  .int()
  .min(1)
  .max(1000)
  .optional()
  .meta({ description: 'Rows of a page, 100 unless told.' });

export const rules = z
  .string()
  .optional()
  .meta({ description: 'Version of the counting rules to count by; those in force unless told.' });

/** @param effect of the same request under the same key */
export function idempotencyKey(effect: string) {
  const description =
    `Printable ASCII. For 24 h the same request under the same key ${effect}; ` +
    'another request under it is refused with 409.';
  return z.string().min(1).max(255).optional().meta({ description });
}

const ifMatch = z.string().meta({ description: 'The ETag of the state that the write rests on.' });

const OPERATOR_PROBLEMS = [
  ...(['invalid-request', 'unauthenticated', 'forbidden', 'not-found', 'rate-limited'] as const),
  ...LEDGER_PROBLEMS,
] as const satisfies readonly ProblemCode[];

const READ_PROBLEMS = [...OPERATOR_PROBLEMS, 'not-acceptable'] as const;

const WRITE_PROBLEMS = [...OPERATOR_PROBLEMS, 'conflict', 'precondition-failed', ...BODY_PROBLEMS] as const;

const ETAG = {
  ETag: { description: 'Names the limits as they are, for `If-Match`.', schema: { type: 'string' as const } },
};

interface PathPlan {
  path: string;
  operationId: string;
  summary: string;
  /** Schema of the answer. */
  answer: z.ZodType;
  /** What the answer is, `Done.` unless told. */
  says?: string;
  /** The answer may be asked for as CSV and NDJSON, too. */
  exported?: true;
  /** The answer names the state of the limits. */
  tagged?: true;
  params?: z.ZodObject;
  query?: z.ZodObject;
  /** What is asked for may be in the archive only, or be asked for by somebody else just now. */
  mayConflict?: true;
}

export function readPath(plan: PathPlan): RouteConfig {
  return {
    ...namesOf(plan),
    method: 'get',
    request: { ...paramsOf(plan), query: plan.query ?? z.object({ service }) },
    responses: {
      200: answerOf(plan),
      ...problemResponses([...READ_PROBLEMS, ...(plan.mayConflict ? (['conflict'] as const) : [])]),
    },
  };
}

interface WritePlan extends PathPlan {
  method: 'post' | 'put' | 'delete';
  /** By media type; none for `delete`. */
  body?: Record<string, z.ZodType>;
  ifMatch?: 'required' | 'allowed';
  status?: 200 | 201 | 202;
}

export function writePath(plan: WritePlan): RouteConfig {
  const query =
    plan.query ?? (plan.body === undefined ? z.object({ service, reason }) : z.object({ service }));
  const headers = z.object({
    'Idempotency-Key': idempotencyKey('changes nothing more and gets the very same answer'),
    ...(plan.ifMatch === undefined
      ? {}
      : { 'If-Match': plan.ifMatch === 'required' ? ifMatch : ifMatch.optional() }),
  });
  return {
    ...namesOf(plan),
    method: plan.method,
    request: {
      ...paramsOf(plan),
      query,
      headers,
      ...(plan.body === undefined ? {} : { body: { required: true, content: contentOf(plan.body) } }),
    },
    responses: { [plan.status ?? 200]: answerOf(plan), ...problemResponses(WRITE_PROBLEMS) },
  };
}

/** A question that is asked with a body and writes nothing. */
export function questionPath(plan: PathPlan & { question: z.ZodType }): RouteConfig {
  return {
    ...namesOf(plan),
    method: 'post',
    request: {
      query: z.object({ service }),
      body: { required: true, content: contentOf({ 'application/json': plan.question }) },
    },
    responses: {
      200: answerOf(plan),
      ...problemResponses([...READ_PROBLEMS, 'conflict', ...BODY_PROBLEMS]),
    },
  };
}

function namesOf({ path, operationId, summary }: PathPlan) {
  return { path, operationId, summary, tags: ['operator'], security: [{ operatorKey: [] }] };
}

function paramsOf({ params }: PathPlan) {
  return params === undefined ? {} : { params };
}

function answerOf({ answer, says, exported, tagged }: PathPlan) {
  const rows = exported === undefined ? {} : { 'text/csv': z.string(), 'application/x-ndjson': z.string() };
  return {
    description: says ?? 'Done.',
    ...(tagged === undefined ? {} : { headers: ETAG }),
    content: contentOf({ 'application/json': answer, ...rows }),
  };
}

function contentOf(byType: Record<string, z.ZodType>) {
  return Object.fromEntries(Object.entries(byType).map(([type, schema]) => [type, { schema }]));
}
