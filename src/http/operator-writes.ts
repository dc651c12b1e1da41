import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import { reasonSchema } from '../contract/steering.ts';
import type { Clock } from '../domain/clock.ts';
import { type InputFault, refused } from '../domain/refusal.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { WriteTerms, Written } from '../steering/operator-write.ts';
import type { SteeringRefusal } from '../steering/refusals.ts';
import { readOperatorBody } from './operator-body.ts';
import { findService, readQuery } from './operator-query.ts';
import { operatorOf } from './operators.ts';
import { isProblem, type Problem } from './problem.ts';
import { requestIdOf } from './request-scope.ts';
import { readWriteConditions } from './write-conditions.ts';

/** One operator write: what its request holds, and what it does. */
export interface WriteSpec<Body extends { reason: string }, Target> {
  /** Null: no body, the reason is in the query. */
  schema: (z.ZodType<Body> & { shape: Readonly<Record<string, unknown>> }) | null;
  /** Whether the write must rest on a state that the operator has seen. */
  ifMatch: 'required' | 'allowed';
  /** What the path names, or its faults. */
  target(request: Request): Target | InputFault[];
  run(order: WriteOrder<Body, Target>): Promise<Written | SteeringRefusal>;
  /** Runs before a success is written, to add headers. */
  finish?(response: Response, order: WriteOrder<Body, Target>, written: Written): Promise<void>;
}

export interface WriteOrder<Body, Target> {
  service: ServiceName;
  target: Target;
  body: Body;
  terms: WriteTerms;
}

export interface OperatorWriteDeps {
  clock: Clock;
  services: readonly ServiceName[];
}

/**
 * Makes the handler of an operator write: service, reason, `If-Match` and `Idempotency-Key` are read in one place,
 * and all faults are told at once. To stand behind `gate.require('admin')`.
 */
export function createWriteHandler<Body extends { reason: string }, Target>(
  { clock, services }: OperatorWriteDeps,
  spec: WriteSpec<Body, Target>,
): RequestHandler {
  async function readOrder(
    request: Request,
    response: Response,
  ): Promise<WriteOrder<Body, Target> | Problem> {
    const names = spec.schema === null ? (['service', 'reason'] as const) : (['service'] as const);
    const { query, faults } = readQuery(request, names);
    const conditions = readWriteConditions(request.headers, spec.ifMatch === 'required');
    faults.push(...conditions.faults);
    const target = spec.target(request);
    if (Array.isArray(target)) faults.push(...target);
    const read = await readBodyOrReason(request, query.reason ?? null);
    if ('problem' in read) {
      if (read.problem.code !== 'invalid-request') return read.problem;
      faults.push(...read.problem.errors);
    }
    if (faults.length > 0 || 'problem' in read || Array.isArray(target)) {
      return refused('invalid-request', { detail: 'The request has faults.', errors: faults });
    }
    const service = findService(services, query.service);
    if (isProblem(service)) return service;
    const { body } = read;
    const { idempotencyKey, ifMatch } = conditions;
    const fingerprint = fingerprintOf(request, [service, body]);
    const terms: WriteTerms = {
      operator: operatorOf(response),
      nowMs: clock.now(),
      reason: body.reason,
      requestId: requestIdOf(response),
      ifMatch,
      repeatable: idempotencyKey === null ? null : { key: idempotencyKey, fingerprint },
    };
    return { service, target, body, terms };
  }

  function readBodyOrReason(
    request: Request,
    reason: string | null,
  ): Promise<{ body: Body } | { problem: Problem }> | { body: Body } | { problem: Problem } {
    if (spec.schema !== null) return readOperatorBody(request, spec.schema, Object.keys(spec.schema.shape));
    const checked = checkReason(reason);
    // Without a schema the body type is exactly `{ reason }`.
    return typeof checked === 'string' ? { body: { reason: checked } as Body } : { problem: checked };
  }

  return async (request, response, next) => {
    const order = await readOrder(request, response);
    if (isProblem(order)) return next(order);
    const written = await spec.run(order);
    if ('outcome' in written) return next(written);
    await spec.finish?.(response, order, written);
    sendWritten(response, written);
  };
}

/** The reason of a write whose body has no place for it. */
export function checkReason(reason: string | null): string | Problem {
  const result = reasonSchema.safeParse(reason ?? '');
  if (result.success) return result.data;
  const detail = reason === null ? 'Is required.' : (result.error.issues[0]?.message ?? 'Is not valid.');
  return refused('invalid-request', {
    detail: 'Every write needs a reason.',
    errors: [{ pointer: '?reason', detail }],
  });
}

/** Tells one request from another: what is sent again unchanged has the same. */
export function fingerprintOf(request: Request, content: readonly unknown[]): string {
  const what = [request.method, `${request.baseUrl}${request.path}`, ...content];
  return createHash('sha256').update(JSON.stringify(what)).digest('hex');
}

export function sendWritten(response: Response, { status, body }: Written): void {
  response.status(status).set('Cache-Control', 'no-store').json(body);
}
