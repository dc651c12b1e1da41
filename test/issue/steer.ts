import type { Identity } from '../../src/domain/identity.ts';
import type { Month } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { Budget } from '../../src/ledger/budget.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { Change } from '../../src/ledger/steering.ts';
import { NOW } from './issuing.ts';

/** A blocking budget of the whole service, unless told otherwise. */
export function budgetOf(budget: Partial<Budget>): Budget {
  return {
    mode: 'block',
    scopes: {},
    reserve: {},
    priorities: { member: 0, guest: 0, agent: 0, test: 0 },
    thresholds: [],
    spikeGuard: null,
    ...budget,
  };
}

/** Makes a change of the service `default` as an operator. */
export async function steer(ledger: Ledger, change: Change): Promise<void> {
  const audit = {
    at: NOW,
    by: 'ops',
    role: 'admin',
    action: change.kind,
    target: 'default',
    before: null,
    after: null,
    reason: 'a test',
    requestId: 'request-1',
  };
  const { outcome } = await ledger.change(DEFAULT_SERVICE, change, {
    audit,
    expected: null,
    idempotency: null,
  });
  if (outcome !== 'done') throw new Error(`the change was ${outcome}`);
}

export const freeze = (ledger: Ledger, month: Month, since: string | null): Promise<void> =>
  steer(ledger, { kind: 'freeze', month, since });

export const block = (ledger: Ledger, identity: Identity, blocked: boolean): Promise<void> =>
  steer(ledger, { kind: 'block', identity, blocked });

export const link = (ledger: Ledger, own: Identity, effective: Identity): Promise<void> =>
  steer(ledger, { kind: 'link', links: [{ own, effective }] });
