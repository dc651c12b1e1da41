import { monthOf } from '../months.js';

/**
 * The highest limit that may have been in force in a stretch of time, by what operators were answered. A write without
 * an answer may hold from the moment it was sent.
 *
 * @param {import('../run/history.js').SentWrite[]} writes in the order in which they were sent
 * @param {number} configured limit of the whole budget at first
 */
export function createLimits(writes, configured) {
  const first = { limit: configured, mode: 'block', classes: {}, tenants: {} };
  const budgets = [{ budget: first, fromMs: Number.NEGATIVE_INFINITY, untilMs: Number.POSITIVE_INFINITY }];
  for (const { write, outcome, value, sentMs, answeredMs } of writes) {
    if (write !== 'budget' || outcome === 'refused') continue;
    if (outcome === 'done')
      for (const earlier of budgets) earlier.untilMs = Math.min(earlier.untilMs, answeredMs);
    budgets.push({ budget: value, fromMs: sentMs, untilMs: Number.POSITIVE_INFINITY });
  }
  const raises = writes.flatMap(({ write, outcome, value, sentMs, answeredMs }) => {
    if (write !== 'raise' || outcome === 'refused') return [];
    const ended = writes.find(
      (other) => other.write === 'end-raise' && other.value.id === value.id && other.outcome === 'done',
    );
    const untilMs = Math.min(
      value.expiresMs,
      value.id === null ? Number.POSITIVE_INFINITY : (ended?.answeredMs ?? Number.POSITIVE_INFINITY),
    );
    const months = [sentMs, Number.isFinite(answeredMs) ? answeredMs : sentMs].map(monthOf);
    return [{ ...value, months, fromMs: sentMs, untilMs }];
  });

  /**
   * @param {string} scope `all`, `class:<name>` or `tenant:<name>`
   * @param {string} month
   * @param {number} fromMs
   * @param {number} untilMs
   */
  return function limitMax(scope, month, fromMs, untilMs) {
    const overlaps = (span) => span.fromMs <= untilMs && span.untilMs >= fromMs;
    const limits = budgets.filter(overlaps).map(({ budget }) => limitOf(budget, scope));
    const lifted = raises
      .filter((raise) => raise.budget === scope && raise.months.includes(month) && overlaps(raise))
      .reduce((sum, { identities }) => sum + identities, 0);
    return Math.max(...limits) + lifted;
  };
}

function limitOf({ limit, mode, classes, tenants }, scope) {
  if (mode !== 'block') return Number.POSITIVE_INFINITY;
  if (scope === 'all') return limit;
  const [kind, name] = scope.split(':');
  return (kind === 'class' ? classes[name] : tenants[name]) ?? Number.POSITIVE_INFINITY;
}
