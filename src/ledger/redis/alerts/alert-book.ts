import { type Month, monthStartSeconds } from '../../../domain/month.ts';
import type { BudgetScope } from '../../../domain/refusal.ts';
import type { Alert, AlertBook, Delivery, DeliveryResult, DueDelivery } from '../../alert-book.ts';
import type { Page, PageRequest } from '../../page.ts';
import { createServiceKeys } from '../keys.ts';
import type { NameKey, NameOf } from '../names/names.ts';
import { type PageSource, resultsOf } from '../pages.ts';
import { codesInLimits, parseScope } from '../steering/limits-text.ts';

const FIRST_ATTEMPT: Omit<Delivery, 'target' | 'dueAt'> = {
  state: 'pending',
  attempts: 0,
  lastAttemptAt: null,
  error: null,
};

/** Newest first, with how each delivery stands. */
export async function readAlerts(
  source: PageSource,
  { after, limit }: PageRequest,
): Promise<Page<Alert & { deliveries: readonly Delivery[] }>> {
  const { client, prefix, service } = source;
  const keys = createServiceKeys(prefix, service);
  const from = after === null ? '+' : `(${after}-0`;
  const [entries, offered] = await Promise.all([
    client.xrevrange(keys.alerts, from, '-', 'COUNT', limit + 1),
    client.hgetall(keys.offered),
  ]);
  const page = entries.slice(0, limit);
  const nameOf = await namesIn(
    source,
    page.map(([, fields]) => fields[1]!),
  );
  const alerts = page.map(([id, fields]) => parseAlert(id.slice(0, id.indexOf('-')), fields[1]!, nameOf));

  const places = alerts.flatMap(({ id }) =>
    Object.entries(offered)
      .filter(([, newest]) => Number(newest) >= Number(id))
      .map(([target]) => ({ id, target })),
  );
  const pipeline = client.pipeline();
  for (const { id, target } of places) {
    pipeline.hget(keys.deliveries, `${id} ${target}`).zscore(keys.outbox(target), id);
  }
  const results = resultsOf<string | null>(await pipeline.exec());
  const deliveries = places.map(({ id, target }, position) => {
    const [text, due] = [results[2 * position], results[2 * position + 1]];
    return { id, delivery: parseDelivery(target, text ?? '', due == null ? null : Math.ceil(Number(due))) };
  });
  return {
    items: alerts.map((alert) => ({
      ...alert,
      deliveries: deliveries.filter(({ id }) => id === alert.id).map(({ delivery }) => delivery),
    })),
    next: entries.length > limit ? alerts.at(-1)!.id : null,
  };
}

export async function takeDueDeliveries(
  source: PageSource,
  { targets, now, leaseMs, max }: Parameters<AlertBook['takeDeliveries']>[1],
): Promise<DueDelivery[]> {
  if (targets.length === 0) return [];
  const { client, prefix, service } = source;
  const { alerts, outbox, deliveries, offered } = createServiceKeys(prefix, service);
  const keys = [alerts, deliveries, offered, ...targets.map(outbox)];
  const [, ...parts] = await client.take(keys.length, ...keys, now, now + leaseMs, max, ...targets);
  const taken: [id: string, target: string, alert: string, delivery: string, newestBefore: string][] = [];
  for (let at = 0; at < parts.length; at += 5) {
    taken.push(parts.slice(at, at + 5) as [string, string, string, string, string]);
  }
  const nameOf = await namesIn(
    source,
    taken.map(([, , text]) => text),
  );
  return taken.map(([id, target, text, delivery, newestBefore]) => ({
    alert: parseAlert(id, text, nameOf),
    target,
    attempts: parseDelivery(target, delivery, null).attempts,
    precedesTarget: Number(id) <= Number(newestBefore),
  }));
}

export async function settleTakenDelivery(
  { client, prefix, service }: PageSource,
  alertId: string,
  target: string,
  { at, state, dueAt, error }: DeliveryResult,
): Promise<void> {
  const { outbox, deliveries } = createServiceKeys(prefix, service);
  await client.settle(deliveries, outbox(target), alertId, target, state, at, dueAt ?? '', error ?? '');
}

async function namesIn({ names, service }: PageSource, texts: string[]): Promise<NameOf> {
  const wanted = new Set<NameKey>();
  codesInLimits(texts, wanted);
  return names.lookUp(service, wanted);
}

/** Reads the text that `lua/includes/alerts.lua` writes. */
function parseAlert(id: string, text: string, nameOf: NameOf): Alert {
  const [month, seconds, threshold, state, limit, used, scope] = text.split(' ') as [Month, ...string[]];
  return {
    id,
    at: (monthStartSeconds(month) + Number(seconds)) * 1000,
    month,
    budget:
      scope === 'new-per-hour' || scope === 'forecast' ? scope : (parseScope(scope!, nameOf) as BudgetScope),
    threshold: Number(threshold),
    state: state as Alert['state'],
    limit: Number(limit),
    used: Number(used),
  };
}

function parseDelivery(target: string, text: string, dueAt: number | null): Delivery {
  const stored = text === '' ? FIRST_ATTEMPT : (JSON.parse(text) as typeof FIRST_ATTEMPT);
  return { target, ...stored, dueAt: stored.state === 'pending' ? dueAt : null };
}
