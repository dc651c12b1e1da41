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
  const { months } = await readJson(port, 'months');
  const books = [];
  for (const summary of months) {
    const { month } = summary;
    books.push({
      ...{ month, summary: await readJson(port, `months/${month}`) },
      days: (await readJson(port, `months/${month}/days`)).days,
      identities: await readRows(port, `months/${month}/identities`),
      mints: await readRows(port, `months/${month}/mints`),
    });
  }
  return { months: books, alerts: await readPages(port, 'alerts'), audit: await readPages(port, 'audit') };
}

/** Newest first there, oldest first here. */
async function readPages(port, path) {
  const items = [];
  let cursor = null;
  do {
    const page = await readJson(port, `${path}?limit=1000${cursor === null ? '' : `&cursor=${cursor}`}`);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items.reverse();
}

async function readJson(port, path) {
  return JSON.parse(await get(port, path, 'application/json'));
}

async function readRows(port, path) {
  const text = await get(port, path, 'application/x-ndjson');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

async function get(port, path, accept) {
  const headers = { authorization: `Bearer ${OPS_KEY}`, accept };
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(`http://127.0.0.1:${port}/v1/${path}`, { headers });
    const text = await response.text();
    if (response.status === 200) return text;
    if (attempt === ATTEMPTS) throw new Error(`GET /v1/${path}: ${response.status} ${text}`);
  }
}
