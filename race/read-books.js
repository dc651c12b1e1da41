import { createOperatorReader } from '../bench/system/operator-reader.js';
import { OPS_KEY } from './gateway-config.js';

/**
 * What the ledger says of a race, read through the operator API.
 *
 * @typedef {object} Books
 * @property {string} month
 * @property {number} total identities by the summary
 * @property {Record<string, number>} byClass
 * @property {Record<string, number>} byTenant of tenants with a limit
 * @property {number} minted
 * @property {number} reused
 * @property {number} refused with `mau-budget-exhausted`
 * @property {string[]} listed every identity of the month
 * @property {number} mintRows of the mint log
 * @property {{ budget: string, threshold: number, state: string }[]} alerts
 */

/**
 * @param {number} port
 * @returns {Promise<Books>}
 */
export async function readBooks(port) {
  const { read, readRows } = createOperatorReader({ port, key: OPS_KEY });
  const [summary, budget] = [await read('months/current'), await read('budget')];
  const listed = await readRows('months/current/identities');
  const mintRows = await readRows('months/current/mints');
  const { identities, mints, month } = summary;
  return {
    month,
    total: identities.total,
    byClass: identities.byClass,
    byTenant: budget.usedByTenant,
    minted: mints.minted,
    reused: mints.reused,
    refused: mints.refused['mau-budget-exhausted'] ?? 0,
    listed: listed.map(({ identity }) => identity),
    mintRows: mintRows.length,
    alerts: await readAlerts(port),
  };
}

/**
 * @param {number} port
 * @returns {Promise<Books['alerts']>} all of them
 */
export async function readAlerts(port) {
  const alerts = await createOperatorReader({ port, key: OPS_KEY }).readPages('alerts');
  return alerts.map(({ budget, threshold, state }) => ({ budget, threshold, state }));
}
