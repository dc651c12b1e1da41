import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { ProblemCode } from '../problem-code.ts';
import { problemResponses } from './problem-responses.ts';

/** What the routes that operators steer with have in common. */

export const service = z
  .string()
  .optional()
  .meta({ description: 'Configured service; `default` unless told.' });

export const reason = z
  .string()
  .min(1)
  .max(500)
  .meta({ description: 'Why; kept in the audit log. Name no person in it.' });

const idempotencyKey = z
  .string()
  .min(1)
  .max(255)
  .optional()
  .meta({
    description:
      'Printable ASCII. For 24 h the same request under the same key changes nothing more and gets the very same ' +
      'answer; another request under it is refused with 409.',
  });

const ifMatch = z.string().meta({ description: 'The ETag of the state that the write rests on.' });

const shared = { tags: ['operator'], security: [{ operatorKey: [] }] };

const READ_PROBLEMS: readonly ProblemCode[] = [
  ...(['invalid-request', 'unauthenticated', 'forbidden', 'not-found', 'not-acceptable'] as const),
  ...(['rate-limited', 'internal', 'ledger-unavailable'] as const),
];

const WRITE_PROBLEMS: readonly ProblemCode[] = [
  ...(['invalid-request', 'unauthenticated', 'forbidden', 'not-found', 'conflict'] as const),
  ...(['precondition-failed', 'payload-too-large', 'unsupported-media-type'] as const),
  ...(['rate-limited', 'internal', 'ledger-unavailable'] as const),
];

const ETAG = {
  ETag: { description: 'Names the limits as they are, for `If-Match`.', schema: { type: 'string' as const } },
};

interface PathPlan {
  path: string;
  operationId: string;
  summary: string;
  /** Schema of the answer. */
  answer: z.ZodType;
  params?: z.ZodObject;
  query?: z.ZodObject;
  /** The answer names the state of the limits. */
  tagged?: true;
}

export function readPath(plan: PathPlan): RouteConfig {
  return {
    ...shared,
    method: 'get',
    path: plan.path,
    operationId: plan.operationId,
    summary: plan.summary,
    request: {
      ...(plan.params === undefined ? {} : { params: plan.params }),
      query: plan.query ?? z.object({ service }),
    },
    responses: { 200: answerOf(plan), ...problemResponses(READ_PROBLEMS) },
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
    'Idempotency-Key': idempotencyKey,
    ...(plan.ifMatch === undefined
      ? {}
      : { 'If-Match': plan.ifMatch === 'required' ? ifMatch : ifMatch.optional() }),
  });
  return {
    ...shared,
    method: plan.method,
    path: plan.path,
    operationId: plan.operationId,
    summary: plan.summary,
    request: {
      ...(plan.params === undefined ? {} : { params: plan.params }),
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
    ...shared,
    method: 'post',
    path: plan.path,
    operationId: plan.operationId,
    summary: plan.summary,
    request: {
      query: z.object({ service }),
      body: { required: true, content: contentOf({ 'application/json': plan.question }) },
    },
    responses: {
      200: answerOf(plan),
      ...problemResponses([
        ...READ_PROBLEMS,
        ...(['conflict', 'payload-too-large', 'unsupported-media-type'] as const),
      ]),
    },
  };
}

function answerOf({ answer, tagged }: PathPlan) {
  return {
    description: 'Done.',
    ...(tagged === undefined ? {} : { headers: ETAG }),
    content: { 'application/json': { schema: answer } },
  };
}

function contentOf(body: Record<string, z.ZodType>) {
  return Object.fromEntries(Object.entries(body).map(([type, schema]) => [type, { schema }]));
}
