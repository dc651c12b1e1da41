import { askForToken, makeGuest } from '../../ground/ask.js';
import { APP_ORIGIN, PUBLIC_URL } from '../../ground/gateway-settings.js';
import { FOREIGN, HOST } from './origins.js';

const JSON_TYPE = 'application/json';
const TYPES = [
  ...[
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json, text/plain',
  ],
  ...[
    'text/plain; application/json',
    'application/json; charset=utf-16',
    'application/jsonp',
    'text/json',
    ' ',
    '',
  ],
];

/** Writes with somebody's cookie: only from the own page or the app's, and only as JSON. */
export async function forgeCookieWrites({ ground, tally, address }) {
  const { send, gateways } = ground;
  const { port } = gateways.open;
  const { credential } = await makeGuest(ground, { from: address() });
  const cookies = { guest: `__Host-mg_guest=${credential}`, session: 'app_session=session-of-ada' };
  const bodies = {
    '/v1/tokens': '{"intent":"open_chat"}',
    '/v1/guests': '{}',
    '/v1/links': '{}',
    '/token': '{}',
  };
  for (const [path, body] of Object.entries(bodies)) {
    for (const [kind, cookie] of Object.entries(cookies)) {
      const post = (headers) =>
        send({
          ...{ port, path, body: isForm(headers) ? '' : body, from: address() },
          headers: { host: HOST, 'content-type': JSON_TYPE, cookie, ...headers },
        });
      for (const origin of FOREIGN) {
        tally.refused(`${path} with the ${kind} of somebody, from ${origin}`, await post({ origin }), 403);
      }
      for (const type of TYPES) {
        // The compatibility route takes forms, but no cookie with them.
        const statuses = path === '/token' ? [403, 415] : [415];
        tally.refused(
          `${path} with a ${kind} as ${JSON.stringify(type)}`,
          await post({ origin: PUBLIC_URL, 'content-type': type }),
          ...statuses,
        );
      }
    }
  }
  for (const origin of [undefined, ...FOREIGN]) {
    const headers = { host: HOST, cookie: cookies.session, ...(origin === undefined ? {} : { origin }) };
    tally.refused(
      `GET /token with a session, from ${origin}`,
      await send({ port, path: '/token', headers, from: address() }),
      403,
    );
  }
  const own = await askForToken(ground, { host: HOST, cookie: cookies.session, origin: APP_ORIGIN });
  tally.check('the app itself is served', own.status === 200, own);
}

/** An empty one, so that it is refused for the cookie and not for its fields. */
function isForm(headers) {
  return headers['content-type']?.includes('form-urlencoded') ?? false;
}
