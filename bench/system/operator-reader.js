/**
 * Reads through the operator API of a gateway on this machine.
 *
 * @typedef {object} OperatorReader
 * @property {(path: string) => Promise<any>} read
 * @property {(path: string) => Promise<any[]>} readRows every row of an export
 * @property {(path: string) => Promise<any[]>} readPages every item of a list, newest first
 */

const PAGE = 1_000;

/**
 * @param {object} gateway
 * @param {number} gateway.port
 * @param {string} gateway.key
 * @param {number} [gateway.attempts] how often to ask before giving up
 * @returns {OperatorReader}
 */
export function createOperatorReader({ port, key, attempts = 1 }) {
  async function get(path, accept) {
    const headers = { authorization: `Bearer ${key}`, accept };
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(`http://127.0.0.1:${port}/v1/${path}`, { headers });
      const text = await response.text();
      if (response.status === 200) return text;
      if (attempt === attempts) throw new Error(`GET /v1/${path}: ${response.status} ${text}`);
    }
  }

  const read = async (path) => JSON.parse(await get(path, 'application/json'));
  return {
    read,
    async readRows(path) {
      const lines = (await get(path, 'application/x-ndjson')).split('\n');
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
    },
    async readPages(path) {
      const items = [];
      let cursor = null;
      do {
        const page = await read(`${path}?limit=${PAGE}${cursor === null ? '' : `&cursor=${cursor}`}`);
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return items;
    },
  };
}
