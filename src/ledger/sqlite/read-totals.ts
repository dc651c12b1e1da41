import type { Month } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { MonthTotals } from '../ledger.ts';
import type { Books } from './books.ts';
import { readLimits } from './limits.ts';
import { ANSWER_KINDS } from './month-counts.ts';
import { monthNumber } from './month-number.ts';
import { addTo } from './sums.ts';

/** A month's totals from its small tables; the people are not touched. */
export function readTotals({ statements, names }: Books, service: ServiceName, month: Month): MonthTotals {
  const serviceNumber = names.find(service);
  if (serviceNumber === null) return emptyTotals(month);
  const key = [serviceNumber, monthNumber(month)] as const;

  const [all, minted] = statements.get<[number, number]>('read-month', key) ?? [0, 0];
  const masks = statements
    .all<[number, number, number]>('read-masks', key)
    .map(([classNumber, mask, identities]) => ({ className: names.nameOf(classNumber), mask, identities }));
  const byClass = new Map<string, number>();
  for (const { className, identities } of masks) addTo(byClass, className, identities);

  const byTenant = statements
    .all<[number, number]>('read-tenants', key)
    .map(([tenant, identities]) => [names.nameOf(tenant), identities] as const);

  let reused = 0;
  let adopted = 0;
  let beacons = 0;
  const refused = new Map<string, number>();
  const shadow = new Map<string, number>();
  for (const [, kind, code, answers] of statements.all<[number, number, number, number]>(
    'read-answers',
    key,
  )) {
    if (kind === ANSWER_KINDS.reused) reused += answers;
    if (kind === ANSWER_KINDS.adopted) adopted += answers;
    if (kind === ANSWER_KINDS.beacons) beacons += answers;
    if (kind === ANSWER_KINDS.refused && answers > 0) addTo(refused, names.nameOf(code), answers);
    if (kind === ANSWER_KINDS.shadow) addTo(shadow, names.nameOf(code), answers);
  }
  const [conversations] = statements.get<[number]>('read-conversation-count', key) ?? [0];
  const { budget, raises, frozenSince } = readLimits(statements, ...key);
  return {
    month,
    all,
    byClass: Object.fromEntries(byClass),
    byTenant: Object.fromEntries(byTenant),
    masks,
    conversations,
    minted,
    reused,
    adopted,
    refused: Object.fromEntries(refused),
    shadow: Object.fromEntries(shadow),
    beacons,
    budget,
    raises,
    frozenSince,
  };
}

function emptyTotals(month: Month): MonthTotals {
  const none = { byClass: {}, byTenant: {}, masks: [], refused: {}, shadow: {}, raises: [] };
  return {
    month,
    all: 0,
    conversations: 0,
    minted: 0,
    reused: 0,
    adopted: 0,
    beacons: 0,
    budget: null,
    frozenSince: null,
    ...none,
  };
}
