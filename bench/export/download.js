import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { FINANCE_KEY } from '../http/gateway-config.js';

const NEW_LINE = 0x0a;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/**
 * Asks the operator API and counts what comes, without keeping it.
 *
 * @param {number} port
 * @param {string} path
 * @param {string} accept
 * @returns {Promise<{ seconds: number, firstByteSeconds: number, bytes: number, lines: number, head: string }>} `head`
 *   is the first piece of the answer
 */
export async function download(port, path, accept) {
  const startedAt = performance.now();
  const since = () => (performance.now() - startedAt) / 1000;
  const sent = request({
    ...{ agent, port, path, host: '127.0.0.1' },
    headers: { Accept: accept, Authorization: `Bearer ${FINANCE_KEY}` },
  }).end();
  const [response] = await once(sent, 'response');
  const firstByteSeconds = since();
  let bytes = 0;
  let lines = 0;
  let head = '';
  for await (const chunk of response) {
    if (bytes === 0) head = chunk.toString('utf8');
    bytes += chunk.length;
    for (let at = chunk.indexOf(NEW_LINE); at >= 0; at = chunk.indexOf(NEW_LINE, at + 1)) lines += 1;
  }
  if (response.statusCode !== 200) throw new Error(`${path} answered ${response.statusCode}: ${head}`);
  return { seconds: since(), firstByteSeconds, bytes, lines, head };
}
