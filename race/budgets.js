/**
 * A budget as the config file has it.
 *
 * @typedef {object} BudgetEntry
 * @property {number} identities
 * @property {'block'} mode
 * @property {Record<string, number>} classes
 * @property {Record<string, number>} tenants
 * @property {Record<string, number>} reserve
 */

/**
 * One limit for everybody.
 *
 * @param {number} limit
 * @returns {BudgetEntry}
 */
export function plainBudget(limit) {
  return { identities: limit, mode: 'block', classes: {}, tenants: {}, reserve: {} };
}

/**
 * Three limits that a person may fall in at once (everybody, a class, a tenant), and places kept for another class.
 * Whatever the order in which people come, enough of them find no limit but the first that it fills up.
 *
 * @param {number} limit
 * @returns {BudgetEntry}
 */
export function overlappingBudgets(limit) {
  const part = (share) => Math.round(limit * share);
  return {
    identities: limit,
    mode: 'block',
    classes: { guest: part(0.3) },
    tenants: { acme: part(0.2), birch: part(0.25) },
    reserve: { agent: part(0.1) },
  };
}

/**
 * Every limit of a budget by the name that a refusal gives it.
 *
 * @param {BudgetEntry} budget
 * @returns {[scope: string, limit: number][]}
 */
export function scopesOf({ identities, classes, tenants }) {
  return [
    ['all', identities],
    ...Object.entries(classes).map(([name, limit]) => [`class:${name}`, limit]),
    ...Object.entries(tenants).map(([name, limit]) => [`tenant:${name}`, limit]),
  ];
}
