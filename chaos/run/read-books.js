import { createOperatorReader } from '../../bench/system/operator-reader.js';
import { OPS_KEY } from './gateway-config.js';

/**
 * What the ledger says of a month, through the operator API.
 *
 * @typedef {object} MonthBooks
 * @property {string} month
 * @property {any} summary
 * @property {any[]} days
 * @property {any[]} identities every one of the export
 * @property {any[]} mints the whole log, in its order
 */

/**
 * @typedef {object} Books
 * @property {MonthBooks[]} months
 * @property {any[]} alerts oldest first
 * @property {any[]} audit oldest first
 */

const ATTEMPTS = 3;

/**
 * @param {number} port
 * @returns {Promise<Books>}
 */
export async function readBooks(port) {
  const { read, readRows, readPages } = createOperatorReader({ port, key: OPS_KEY, attempts: ATTEMPTS });
  const { months } = await read('months');
  const books = [];
  for (const { month } of months) {
    books.push({
      ...{ month, summary: await read(`months/${month}`) },
      days: (await read(`months/${month}/days`)).days,
      identities: await readRows(`months/${month}/identities`),
      mints: await readRows(`months/${month}/mints`),
    });
  }
  const [alerts, audit] = [await readPages('alerts'), await readPages('audit')];
  return { months: books, alerts: alerts.reverse(), audit: audit.reverse() };
}
