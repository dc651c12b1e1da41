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
  const [summary, budget] = [await read(port, 'months/current'), await read(port, 'budget')];
  const [listed, mints] = [await readRows(port, 'identities'), await readRows(port, 'mints')];
  const { identities, mints: counted, month } = summary;
  return {
    month,
    total: identities.total,
    byClass: identities.byClass,
    byTenant: budget.usedByTenant,
    minted: counted.minted,
    reused: counted.reused,
    refused: counted.refused['mau-budget-exhausted'] ?? 0,
    listed: listed.map(({ identity }) => identity),
    mintRows: mints.length,
    alerts: await readAlerts(port),
  };
}

/**
 * @param {number} port
 * @returns {Promise<Books['alerts']>} all of them
 */
export async function readAlerts(port) {
  const alerts = [];
  let cursor = null;
  do {
    const page = await read(port, `alerts?limit=1000${cursor === null ? '' : `&cursor=${cursor}`}`);
    alerts.push(...page.items.map(({ budget, threshold, state }) => ({ budget, threshold, state })));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return alerts;
}

/** @param {number} port */
async function read(port, path) {
  return (await get(port, path, 'application/json')).json();
}

async function readRows(port, listing) {
  const text = await (await get(port, `months/current/${listing}`, 'application/x-ndjson')).text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

async function get(port, path, accept) {
  const headers = { authorization: `Bearer ${OPS_KEY}`, accept };
  const response = await fetch(`http://127.0.0.1:${port}/v1/${path}`, { headers });
  if (response.status === 200) return response;
  throw new Error(`GET /v1/${path}: ${response.status} ${await response.text()}`);
}
