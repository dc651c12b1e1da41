import type { ServiceName } from '../domain/service-name.ts';
import type { AuditEntry, Change, Idempotency, LedgerSteering } from '../ledger/steering.ts';
import { type SteeringRefusal, steeringRefusals } from './refusals.ts';

/** Who writes, why, and under which conditions. */
export interface WriteTerms {
  operator: { name: string; role: string };
  /** Clock reading of the request, ms since the epoch. */
  nowMs: number;
  reason: string;
  requestId: string;
  /** States of the limits that the operator has seen and decided on; null: whatever they are. */
  ifMatch: readonly string[] | null;
  /** `Idempotency-Key` of the request and a digest of what it asks for; null without one. */
  repeatable: { key: string; fingerprint: string } | null;
}

/** What an operator is answered. Kept under the `Idempotency-Key`, hence plain JSON. */
export interface Written {
  status: 200 | 201 | 202;
  body: object;
}

/** A write, worked out in full before anything is changed. */
export interface WritePlan {
  change: Change;
  /** Such as `budget.set`. */
  action: string;
  /** What it is done to; never a subject or a secret. */
  target: string;
  before: unknown;
  after: unknown;
  written: Written;
}

/** How long an `Idempotency-Key` is honoured. */
const REPEATABLE_MS = 24 * 3_600_000;

/** The answer that the same request was given before, a refusal when the key belongs to another one, else null. */
export async function recallWrite(
  ledger: LedgerSteering,
  service: ServiceName,
  { operator, nowMs, repeatable }: WriteTerms,
): Promise<Written | SteeringRefusal | null> {
  if (repeatable === null) return null;
  const kept = await ledger.recall(service, keyOf(operator, repeatable.key), nowMs);
  if (kept === null) return null;
  return kept.fingerprint === repeatable.fingerprint
    ? (JSON.parse(kept.answer) as Written)
    : steeringRefusals.keyTaken();
}

/** Makes a change that is the same whatever the limits are, and writes its audit entry, in one atomic step. */
export async function makeWrite(
  ledger: LedgerSteering,
  service: ServiceName,
  plan: WritePlan,
  terms: WriteTerms,
): Promise<Written | SteeringRefusal> {
  const result = await makeWriteOn(null, ledger, service, plan, terms);
  if (result === 'stale') throw new Error('the ledger called a write stale that rests on nothing');
  return result;
}

/**
 * The same for a change that rests on the limits. `stale` when they are not those of `expected` any more; the caller
 * decides whether to plan anew.
 *
 * @param expected state of the limits that the plan rests on; null: it rests on none
 */
export async function makeWriteOn(
  expected: string | null,
  ledger: LedgerSteering,
  service: ServiceName,
  plan: WritePlan,
  terms: WriteTerms,
): Promise<Written | SteeringRefusal | 'stale'> {
  const done = await ledger.change(service, plan.change, {
    audit: auditOf(plan, terms),
    expected,
    idempotency: idempotencyOf(plan.written, terms),
  });
  switch (done.outcome) {
    case 'done':
      return plan.written;
    case 'repeated':
      return JSON.parse(done.answer) as Written;
    case 'conflict':
      return steeringRefusals.keyTaken();
    case 'stale':
      return 'stale';
    default:
      return done satisfies never;
  }
}

function auditOf(plan: WritePlan, { operator, nowMs, reason, requestId }: WriteTerms): AuditEntry {
  const { action, target, before, after } = plan;
  return {
    at: nowMs,
    by: operator.name,
    role: operator.role,
    action,
    target,
    before,
    after,
    reason,
    requestId,
  };
}

function idempotencyOf(written: Written, { operator, nowMs, repeatable }: WriteTerms): Idempotency | null {
  if (repeatable === null) return null;
  const { fingerprint } = repeatable;
  const key = keyOf(operator, repeatable.key);
  return { key, fingerprint, answer: JSON.stringify(written), until: nowMs + REPEATABLE_MS };
}

/** A key never holds a line break, so that no two pairs of operator and key look the same. */
function keyOf(operator: { name: string }, key: string): string {
  return `${operator.name}\n${key}`;
}
