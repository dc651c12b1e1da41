import { gzipSync } from 'node:zlib';
import { hold, statusesOf } from '../../tools/socket.js';

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

/** Where bodies are taken: path, its media type, what too much of it comes to. */
export const TAKING = [
  ['/v1/tokens', JSON_TYPE, 413],
  ['/v1/guests', JSON_TYPE, 413],
  ['/v1/webhooks/twilio', FORM, 413],
  ['/v1/webhooks/twilio/event-streams', JSON_TYPE, 413],
  ['/v1/webhooks/twilio/guard', FORM, 200],
  ['/v1/links', JSON_TYPE, 413],
  ['/v1/beacons', JSON_TYPE, 413],
  ['/ops/login', FORM, 413],
  ['/token', FORM, 413],
  ['/v1/explanations', JSON_TYPE, 413],
  ['/v1/simulations', JSON_TYPE, 413],
  ['/v1/erasures', JSON_TYPE, 413],
  ['/v1/identity-imports', 'text/csv', 413],
  ['/v1/identity-lookups', 'text/csv', 413],
];
/** Read as they come, and as large as a whole list of users. */
const LISTS = ['/v1/identity-imports', '/v1/identity-lookups'];
/** Of these, what operators alone may ask. */
const FOR_OPERATORS = ['/v1/explanations', '/v1/simulations', '/v1/erasures', ...LISTS];

const MEGABYTE = 2 ** 20;
const ENDLESS_MEGABYTES = 24;
/** A body of single bytes, each a piece of its own: small, and dear to read. */
const CRUMBS = `${'1\r\na\r\n'.repeat(6_000)}0\r\n\r\n`;
/** Reads forms by a parser of its own, up to a few kilobytes. */
const READS_CRUMBS = '/ops/login';

/** Bodies that are too large, without end, in crumbs, packed, or in letters that nobody reads. */
export async function sendOversized({ ground, tally }) {
  const { secrets, gateways, send } = ground;
  const { port } = gateways.open;
  const bomb = gzipSync(Buffer.alloc(64 * MEGABYTE, 0x20));
  const admin = { authorization: `Bearer ${secrets.adminKey}` };
  const own = { origin: 'https://chat.attack.example', host: 'chat.attack.example' };
  for (const [path, type, tooMuch] of TAKING) {
    const headers = { ...own, ...(FOR_OPERATORS.includes(path) ? admin : {}) };
    const post = (body, more) =>
      send({ port, path, headers: { ...headers, 'content-type': type, ...more }, body });
    const statuses = LISTS.includes(path) ? [400, 413] : [tooMuch];
    // While it is still being written, a refusal may go unheard and the connection be cut.
    tally.refused(`${path} with 5 megabytes`, await post(Buffer.alloc(5 * MEGABYTE, 0x61)), ...statuses, 0);
    for (const coding of ['gzip', 'deflate', 'br', 'zstd', 'gzip, gzip', 'x-unheard-of', 'identity, gzip']) {
      const answer = await post(bomb, { 'content-encoding': coding });
      tally.refused(`${path} packed as ${coding}`, answer, ...(tooMuch === 200 ? [200] : [415, 413, 400, 0]));
    }
    if (type === JSON_TYPE) {
      for (const charset of ['utf-16', 'utf-7', 'latin1', 'x', '"', '']) {
        const answer = await post('{}', { 'content-type': `${type}; charset=${charset}` });
        tally.refused(`${path} in charset ${charset}`, answer, 415);
      }
    }
    const begin = [
      `POST ${path} HTTP/1.1`,
      'Host: chat.attack.example',
      `Content-Type: ${type}`,
      'Transfer-Encoding: chunked',
    ];
    const rest = Object.entries(headers)
      .filter(([name]) => name !== 'host')
      .map(([name, value]) => `${name}: ${value}`);
    const head = `${[...begin, ...rest].join('\r\n')}\r\n\r\n`;
    const crumbs = await hold(port, `${head}${CRUMBS}`);
    const [ofCrumbs] = await answered(crumbs);
    crumbs.end();
    const refused = path === READS_CRUMBS ? [401, 429] : statuses;
    tally.check(`${path} in crumbs`, [...refused, undefined].includes(ofCrumbs), crumbs.heard());
    const endless = await hold(port, head);
    const chunk = `${(65_536).toString(16)}\r\n${'a'.repeat(65_536)}\r\n`;
    for (let sent = 0; sent < (ENDLESS_MEGABYTES * MEGABYTE) / 65_536 && endless.isOpen(); sent++) {
      endless.write(chunk);
      if (sent % 8 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const [status] = await answered(endless);
    endless.end();
    tally.check(`${path} without end`, [...statuses, undefined].includes(status), endless.heard());
  }
}

/** Statuses that came on a connection within a second and a half, or before it was cut. */
async function answered(connection) {
  for (let waited = 0; waited < 15 && statusesOf(connection.heard()).length === 0; waited++) {
    if (await connection.closedWithin(100)) break;
  }
  return statusesOf(connection.heard());
}
