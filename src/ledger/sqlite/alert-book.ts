import type { ServiceName } from '../../domain/service-name.ts';
import type { Alert, AlertBook, Delivery, DeliveryResult, DueDelivery } from '../alert-book.ts';
import type { Page, PageRequest } from '../page.ts';
import type { Books } from './books.ts';
import { readNewestFirst, toId } from './newest-first.ts';
import type { Statements } from './statements.ts';

/** Codes of the column `state` in the table of deliveries, by position. */
const STATES = [
  'pending',
  'delivered',
  'given-up',
  'skipped',
] as const satisfies readonly Delivery['state'][];

type DeliveryRow = [
  target: string,
  state: number,
  attempts: number,
  lastAttemptAt: number | null,
  dueAt: number | null,
  error: string | null,
];

type DueRow = [target: string, number: number, attempts: number, precedesTarget: number, text: string];

/** Newest first, with what became of each at every target. */
export function readAlerts(
  { statements, names }: Books,
  service: ServiceName,
  page: PageRequest,
): Page<Alert & { deliveries: readonly Delivery[] }> {
  return readNewestFirst(statements, 'read-alerts', names.findService(service), page, (number, text) => ({
    ...toAlert(number, text),
    deliveries: statements.all<DeliveryRow>('read-deliveries', [number]).map(toDelivery),
  }));
}

/** Inside a transaction: offers what is new, then hands out what is due and hides it for the lease. */
export function takeDeliveries(
  { statements, names }: Books,
  service: ServiceName,
  { targets, now, leaseMs, max }: Parameters<AlertBook['takeDeliveries']>[1],
): DueDelivery[] {
  const serviceNumber = names.findService(service);
  for (const target of targets) {
    statements.run('name-target', [serviceNumber, target]);
    statements.run('offer-alerts', [serviceNumber, target, now]);
  }
  const due = statements.all<DueRow>('due-deliveries', [serviceNumber, JSON.stringify(targets), now, max]);
  return due.map(([target, number, attempts, precedesTarget, text]) => {
    statements.run('lease-delivery', [serviceNumber, target, number, now + leaseMs]);
    return { alert: toAlert(number, text), target, attempts, precedesTarget: precedesTarget === 1 };
  });
}

export function settleDelivery(
  statements: Statements,
  service: number,
  alert: number,
  target: string,
  { at, state, dueAt, error }: DeliveryResult,
): void {
  const due = state === 'pending' ? dueAt : null;
  const text = error === null ? null : JSON.stringify(error);
  statements.run('settle-delivery', [service, target, alert, STATES.indexOf(state), at, due, text]);
}

function toAlert(number: number, text: string): Alert {
  return { id: toId(number), ...(JSON.parse(text) as Omit<Alert, 'id'>) };
}

function toDelivery([target, code, attempts, lastAttemptAt, dueAt, error]: DeliveryRow): Delivery {
  const state = STATES[code];
  if (!state) throw new Error(`the ledger has a delivery in an unknown state: ${code}`);
  const reason = error === null ? null : (JSON.parse(error) as string);
  return { target, state, attempts, lastAttemptAt, dueAt, error: reason };
}
