import { randomBytes } from 'node:crypto';
import { type Identity, parseIdentity } from '../../../src/domain/identity.ts';
import { type Month, parseMonth } from '../../../src/domain/month.ts';
import { parseServiceName, type ServiceName } from '../../../src/domain/service-name.ts';
import type { Signal } from '../../../src/domain/signal.ts';
import type { Budget, Raise } from '../../../src/ledger/budget.ts';
import type { Evidence } from '../../../src/ledger/ledger.ts';
import type { ChangeTerms } from '../../../src/ledger/steering.ts';

export type RaiseOptions = Partial<Omit<Raise, 'expiresAt'>> & { until: string };

export type EvidenceOptions = Partial<Pick<Evidence, 'source' | 'className' | 'upTo'>>;

/** When operators do what they do, unless told otherwise. */
export const STEERED_AT = '2026-11-20T09:00:00Z';

/** A blocking budget with what is given and nothing else. */
export function budgetOf(budget: Partial<Budget>): Budget {
  return {
    mode: 'block',
    scopes: {},
    reserve: {},
    priorities: {},
    thresholds: [],
    spikeGuard: null,
    ...budget,
  };
}

export function raiseOf(id: string, { until, ...options }: RaiseOptions): Raise {
  return {
    id,
    month: monthNamed(until.slice(0, 7)),
    scope: 'all',
    identities: 1,
    expiresAt: seconds(until),
    createdAt: seconds(STEERED_AT),
    reason: 'a fair',
    by: 'kim',
    ...options,
  };
}

export function auditOf(action: string, at = STEERED_AT): ChangeTerms['audit'] {
  return {
    at: Date.parse(at),
    by: 'kim',
    role: 'admin',
    action,
    target: 'default',
    before: null,
    after: null,
    reason: 'because',
    requestId: 'request-1',
  };
}

export function evidenceOf(
  person: string,
  signal: Signal,
  at: string,
  options: EvidenceOptions = {},
): Evidence {
  const [source, className] = ['webhook', 'unknown'] as const;
  return { identity: identityOf(person), signal, at: Date.parse(at), source, className, ...options };
}

export function identityOf(text: string): Identity {
  const identity = parseIdentity(text);
  if (!identity) throw new Error(`not an identity: ${text}`);
  return identity;
}

export function monthNamed(text: string): Month {
  const month = parseMonth(text);
  if (!month) throw new Error(`not a month: ${text}`);
  return month;
}

/** A Conversation SID of its own for each number. */
export function conversationSid(number: number): string {
  return `CH${number.toString(16).padStart(32, '0')}`;
}

/** Seconds since the epoch of an ISO instant. */
export function seconds(at: string): number {
  return Math.floor(Date.parse(at) / 1000);
}

export function freshServiceName(): ServiceName {
  const service = parseServiceName(`t-${randomBytes(10).toString('hex')}`);
  if (!service) throw new Error('a service name of this form is valid');
  return service;
}
