import { APP_ORIGIN, PUBLIC_URL } from '../../ground/gateway-settings.js';
import { FOREIGN, HOST } from './origins.js';

const OPEN = ['/v1/tokens', '/v1/guests', '/v1/links', '/v1/beacons', '/v1/me/unread', '/token'];
const CLOSED = [
  '/ops',
  '/ops/login',
  '/ops/budget',
  '/livez',
  '/readyz',
  '/openapi.json',
  '/problems/not-found',
  '/nothing',
];

/** Permissions for pages of other origins: the app's alone has any, and only where apps have business. */
export async function askForCrossOrigin({ ground, tally }) {
  const { send, gateways } = ground;
  const permissions = ({ headers }) =>
    Object.keys(headers).filter((name) => name.startsWith('access-control-'));
  for (const path of [...OPEN, ...CLOSED, '/v1/months/current', '/v1/budget']) {
    for (const method of ['OPTIONS', 'GET', 'POST']) {
      const ask = (origin) =>
        send({
          ...{ port: gateways.open.port, path, method },
          headers: {
            ...{ host: HOST, origin, 'content-type': 'application/json' },
            ...(method === 'OPTIONS'
              ? {
                  'access-control-request-method': 'POST',
                  'access-control-request-headers': 'authorization,x-api-key',
                }
              : {}),
          },
          ...(method === 'POST' ? { body: '{}' } : {}),
        });
      for (const origin of FOREIGN) {
        const answer = await ask(origin);
        tally.check(
          `${method} ${path} from ${origin} gets no permission`,
          permissions(answer).length === 0,
          answer,
        );
      }
      const own = await ask(PUBLIC_URL);
      tally.check(`${method} ${path} from the own page needs none`, permissions(own).length === 0, own);
      const app = await ask(APP_ORIGIN);
      const allowed = app.headers['access-control-allow-origin'];
      const isOpen = path.startsWith('/v1/') || path === '/token';
      tally.check(
        `${method} ${path} from the app`,
        isOpen ? allowed === APP_ORIGIN : permissions(app).length === 0,
        app,
      );
      if (!isOpen) continue;
      tally.check(
        `${method} ${path} varies with its origin`,
        /\bOrigin\b/i.test(app.headers.vary ?? ''),
        app,
      );
      const keys = (app.headers['access-control-allow-headers'] ?? '').toLowerCase();
      tally.check(
        `${method} ${path} lets no page send a backend key`,
        !keys.includes('x-api-key') && !keys.includes('*'),
        keys,
      );
    }
  }
}
