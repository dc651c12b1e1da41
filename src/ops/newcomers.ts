import type { BudgetAnswer } from '../contract/steering.ts';
import { countText } from './words.ts';

/** What becomes of somebody whom the month does not know yet, by the freeze, the mode and the places left. */
export interface Newcomers {
  verdict: string;
  tone: 'calm' | 'warning' | 'alarm';
  /** The same with its reason. */
  says: string;
}

type Limits = Pick<
  BudgetAnswer,
  | 'mode'
  | 'frozenSince'
  | 'effective'
  | 'reserve'
  | 'spikeGuard'
  | 'used'
  | 'usedByClass'
  | 'usedByTenant'
  | 'remaining'
>;

/**
 * How full tenants without a limit of their own and the present hour are is not told to the page, nor which class ranks
 * above which; those bounds are named, not judged.
 *
 * @param classes the configured ones
 */
export function describeNewcomers(budget: Limits, classes: readonly string[]): Newcomers {
  const { mode, frozenSince, effective, used } = budget;
  if (frozenSince !== null) {
    return { verdict: 'Frozen', tone: 'alarm', says: 'refused while it is frozen' };
  }
  if (mode === 'off') {
    return { verdict: 'Watching', tone: 'calm', says: 'let in; no limit is looked at' };
  }
  const isFull = effective.limit !== null && used >= effective.limit;
  const full = fullScopes(budget);
  const bounds = boundsOf(budget);
  if (mode === 'warn') {
    const reached = [...(isFull ? ['the whole limit'] : []), ...full];
    if (reached.length === 0) return { verdict: 'Newcomers let in', tone: 'calm', says: `let in${bounds}` };
    const says = `let in by mode warn; reached: ${reached.join(', ')}${bounds}`;
    return { verdict: 'Limit reached', tone: 'warning', says };
  }
  if (isFull) return { verdict: 'Blocking new', tone: 'alarm', says: 'refused: no place is left' };
  if (classes.length > 0 && classes.every((name) => full.includes(`class ${name}`))) {
    return { verdict: 'Blocking new', tone: 'alarm', says: 'refused: no class has a place left' };
  }
  const kept = keptFor(budget);
  const exceptions = [
    ...(full.length > 0 ? [`refused where it is full: ${full.join(', ')}`] : []),
    ...(kept.length > 0 ? [`no place is left but those kept for ${kept.join(', ')}`] : []),
  ];
  if (exceptions.length === 0) return { verdict: 'Newcomers let in', tone: 'calm', says: `let in${bounds}` };
  const others = kept.length > 0 ? '' : 'others let in; ';
  return { verdict: 'Blocking some', tone: 'warning', says: `${others}${exceptions.join('; ')}${bounds}` };
}

/** Classes and tenants whose own limit is reached. */
function fullScopes({ effective, usedByClass, usedByTenant }: Limits): string[] {
  const reached = (limits: Record<string, number>, used: Record<string, number>, kind: string) =>
    Object.entries(limits)
      // How far `tenant:*` is used is another number for each tenant.
      .filter(([name, limit]) => (used[name] ?? -1) >= limit)
      .map(([name]) => `${kind} ${name}`);
  return [
    ...reached(effective.classes, usedByClass, 'class'),
    ...reached(effective.tenants, usedByTenant, 'tenant'),
  ];
}

/** Classes that have all places left to themselves; none while there are others. A class of higher rank may take them. */
function keptFor({ remaining, reserve, usedByClass }: Limits): string[] {
  if (remaining === null) return [];
  const open = Object.entries(reserve)
    .map(([name, places]) => [name, places - (usedByClass[name] ?? 0)] as const)
    .filter(([, places]) => places > 0);
  const kept = open.reduce((sum, [, places]) => sum + places, 0);
  return kept < remaining ? [] : open.map(([name]) => `class ${name}`);
}

/** Limits of which it is not known here how far they are used. */
function boundsOf({ mode, effective, spikeGuard }: Limits): string {
  const others = effective.tenants['*'];
  const bounds = [
    ...(mode === 'block' && others !== undefined ? [`of any other tenant up to ${countText(others)}`] : []),
    ...(spikeGuard?.mode === 'block' ? ['as many an hour as the spike guard takes'] : []),
  ];
  return bounds.map((bound) => `; ${bound}`).join('');
}
