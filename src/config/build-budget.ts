import type { Budget, SpikeGuard } from '../ledger/budget.ts';
import type { BudgetEntry } from './budget-schema.ts';
import type { ConfigParts } from './config-parts.ts';
import type { Environment } from './read-environment.ts';
import { refuseUnknownClass } from './refuse-unknown-class.ts';
import type { ClassSettings } from './settings.ts';

const DEFAULT_THRESHOLDS: readonly number[] = [50, 80, 90, 100];
const DEFAULT_SPIKE_GUARD: SpikeGuard = { factor: 10, minimum: 100, mode: 'warn' };

/** Where a budget stands and what it may name. */
interface BudgetPlace {
  parts: ConfigParts;
  service: string;
  classes: readonly ClassSettings[];
}

/**
 * The initial budget of a service, null without any limit.
 *
 * @param environment null for services that the environment does not speak of
 */
export function buildBudget(
  parts: ConfigParts,
  service: string,
  entry: BudgetEntry | undefined,
  environment: Environment | null,
  classes: readonly ClassSettings[],
): Budget | null {
  const { file, findings } = parts;
  const place: BudgetPlace = { parts, service, classes };
  const setting = `services.${service}.budget`;
  const path = ['services', service, 'budget'] as const;
  const all = findings.prefer<number | null>(
    `${setting}.scopes.all`,
    [environment?.get('MAU_BUDGET_IDENTITIES'), file.offer([...path, 'identities'], entry?.identities)],
    null,
  );
  const scopes = { ...(all === null ? {} : { all }), ...buildScopes(place, entry) };
  const mode = findings.prefer(
    `${setting}.mode`,
    [environment?.get('MAU_BUDGET_MODE'), file.offer([...path, 'mode'], entry?.mode)],
    'warn',
  );
  const budget: Budget = {
    mode,
    scopes,
    reserve: buildReserve(place, entry?.reserve ?? {}, all),
    priorities: Object.fromEntries(classes.map(({ name, priority }) => [name, priority])),
    thresholds: buildThresholds(place, entry?.thresholds),
    spikeGuard: buildSpikeGuard(place, entry?.spikeGuard),
  };
  if (Object.keys(scopes).length > 0 || budget.spikeGuard !== null) return budget;
  if (mode === 'block') {
    findings.notice(
      `Service ${service}: the budget mode is block, but no limit is set, so nothing is blocked.`,
    );
  }
  return null;
}

function buildScopes(place: BudgetPlace, entry: BudgetEntry | undefined): Budget['scopes'] {
  const { file, findings } = place.parts;
  const scopes: Budget['scopes'] = {};
  for (const [kind, key] of [
    ['class', 'classes'],
    ['tenant', 'tenants'],
  ] as const) {
    for (const [name, limit] of Object.entries(entry?.[key] ?? {})) {
      if (kind === 'class') refuseClass(place, key, name);
      const offer = file.offer(['services', place.service, 'budget', key, name], limit);
      const scope = `${kind}:${name}` as const;
      scopes[scope] = findings.prefer(`services.${place.service}.budget.scopes.${scope}`, [offer], limit);
    }
  }
  return scopes;
}

/** Places are kept out of the whole, so there must be a whole and they must fit into it. */
function buildReserve(
  place: BudgetPlace,
  reserve: Readonly<Record<string, number>>,
  all: number | null,
): Record<string, number> {
  const { file, findings } = place.parts;
  const path = ['services', place.service, 'budget', 'reserve'];
  for (const name of Object.keys(reserve)) refuseClass(place, 'reserve', name);
  const kept = Object.values(reserve).reduce((sum, places) => sum + places, 0);
  const fault = (expected: string, found: string) => findings.fault({ ...file.place(path), expected, found });
  if (kept > 0 && all === null) fault('a limit of the whole service to keep places of', 'none');
  else if (all !== null && kept > all)
    fault(`no more than the ${all} identities there are`, `${kept} places`);
  const source = file.offer(path, reserve)?.source;
  if (source !== undefined && kept > 0) findings.from(`services.${place.service}.budget.reserve`, source);
  return { ...reserve };
}

function buildThresholds({ parts, service }: BudgetPlace, entry: number[] | undefined): readonly number[] {
  const { file, findings } = parts;
  const path = ['services', service, 'budget', 'thresholds'];
  const wrong = entry?.findIndex((percent, index) => index > 0 && percent <= (entry[index - 1] ?? 0)) ?? -1;
  if (wrong > 0) {
    const found = `${entry?.[wrong]} after ${entry?.[wrong - 1]}`;
    findings.fault({ ...file.place(path), expected: 'rising percentages, each once', found });
  }
  return findings.prefer(
    `services.${service}.budget.thresholds`,
    [file.offer(path, entry)],
    [...DEFAULT_THRESHOLDS],
  );
}

function buildSpikeGuard(
  { parts, service }: BudgetPlace,
  entry: BudgetEntry['spikeGuard'],
): SpikeGuard | null {
  if (entry === undefined) return null;
  const { file, findings } = parts;
  const offer = file.offer(['services', service, 'budget', 'spikeGuard'], entry);
  if (offer) findings.from(`services.${service}.budget.spikeGuard`, offer.source);
  return {
    factor: entry.factor ?? DEFAULT_SPIKE_GUARD.factor,
    minimum: entry.minimum ?? DEFAULT_SPIKE_GUARD.minimum,
    mode: entry.mode ?? DEFAULT_SPIKE_GUARD.mode,
  };
}

function refuseClass({ parts, service, classes }: BudgetPlace, key: string, name: string): void {
  refuseUnknownClass(parts, ['services', service, 'budget', key, name], name, classes);
}
