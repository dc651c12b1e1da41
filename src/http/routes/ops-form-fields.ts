import { createHash, randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Operator } from '../../ops/operator.ts';
import type { WriteTerms, Written } from '../../steering/operator-write.ts';
import type { SteeringRefusal } from '../../steering/refusals.ts';
import { requestIdOf, setOutcome } from '../request-scope.ts';

/** What a form holds by name; a field that was not sent, or twice, is empty. */
export type FormFields<Name extends string> = Readonly<Record<Name, string>>;

export function fieldsOf<Name extends string>(request: Request, names: readonly Name[]): FormFields<Name> {
  const body = (request.body ?? {}) as Record<string, unknown>;
  const read = (name: Name) => (typeof body[name] === 'string' ? body[name] : '');
  return Object.fromEntries(names.map((name) => [name, read(name)])) as FormFields<Name>;
}

/** Checks what was typed by the schema of the API, so that both take the same. */
export function parseForm<Value>(
  schema: z.ZodType<Value>,
  input: object,
): { value: Value } | { faults: string[] } {
  const result = schema.safeParse(input);
  if (result.success) return { value: result.data };
  const sentences = result.error.issues.map(({ path, message }) => `${path.join(' ')}: ${message}`);
  return { faults: [...new Set(sentences)] };
}

/** Makes the same form sent twice one write: a double click, or a reload of the answer. */
export function onceText(): string {
  return randomBytes(12).toString('base64url');
}

export interface FormTerms {
  request: Request;
  response: Response;
  operator: Operator;
  /** Clock reading of the request, ms since the epoch. */
  nowMs: number;
  fields: FormFields<'reason' | 'once'>;
  /** States of the limits that the operator has seen; null: whatever they are. */
  ifMatch: readonly string[] | null;
}

/** The terms of the write that a form asks for. */
export function termsOf({ request, response, operator, nowMs, fields, ifMatch }: FormTerms): WriteTerms {
  const { once, ...rest } = fields;
  const what = JSON.stringify([request.originalUrl, rest]);
  return {
    ...{ operator, nowMs, ifMatch },
    reason: fields.reason.trim(),
    requestId: requestIdOf(response),
    repeatable:
      once === ''
        ? null
        : { key: `page ${once}`, fingerprint: createHash('sha256').update(what).digest('hex') },
  };
}

export function isRefusal(written: Written | SteeringRefusal): written is SteeringRefusal {
  return 'outcome' in written;
}

/** What was wrong, each in a sentence. */
export function sentencesOf(refusal: SteeringRefusal): string[] {
  const errors = 'errors' in refusal ? (refusal.errors ?? []) : [];
  return errors.length > 0
    ? errors.map(({ pointer, detail }) => `${pointer.slice(1)}: ${detail}`)
    : [refusal.detail];
}

/** 422 for what was typed, 409 for what others did. */
export function markRefused(response: Response, refusal?: SteeringRefusal): void {
  response.status(refusal !== undefined && refusal.code !== 'invalid-request' ? 409 : 422);
  if (refusal !== undefined) setOutcome(response, refusal);
}

/** A number as people type it; NaN, which no schema takes, for anything else. */
export function wholeOf(text: string): number {
  const digits = text.trim().replaceAll(/[ ,_]/g, '');
  return /^\d{1,10}$/.test(digits) ? Number(digits) : Number.NaN;
}
