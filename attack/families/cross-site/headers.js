import { read } from '../../ground/ask.js';
import { HOST } from './origins.js';

/** What every answer carries, whatever it answers. */
export async function checkHeaders({ ground, tally }) {
  const { secrets, send, gateways } = ground;
  const { paths } = (await send({ port: gateways.open.port, path: '/openapi.json' })).json;
  const ops = [
    '/ops',
    '/ops/budget',
    '/ops/system',
    '/ops/counting',
    '/ops/nothing',
    '/ops/login/oidc',
    '/nothing',
    '/livez/x',
    '/',
  ];
  const { month } = await read(ground, 'months/current');
  const concrete = Object.keys(paths).map((path) => path.replace('{month}', month).replace(/\{\w+\}/g, 'x'));
  for (const path of [...new Set([...concrete, ...ops])]) {
    for (const [who, headers] of [
      ['nobody', {}],
      ['an admin', { authorization: `Bearer ${secrets.adminKey}` }],
    ]) {
      for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
        // A stream has no end, and no end of the request would be seen.
        if (path === '/v1/events' && method === 'GET' && who !== 'nobody') continue;
        const answer = await send({
          port: gateways.open.port,
          path,
          method,
          headers: { host: HOST, ...headers },
        });
        tally.check(`${method} ${path} as ${who} is framed by nobody`, isGuarded(answer), answer.headers);
        const kept = answer.headers['cache-control'] ?? '';
        tally.check(
          `${method} ${path} as ${who} is kept by nobody`,
          /no-store|no-cache|private|public, max-age/.test(kept),
          kept,
        );
      }
    }
  }
}

function isGuarded({ headers }) {
  const policy = headers['content-security-policy'] ?? '';
  return (
    headers['x-content-type-options'] === 'nosniff' &&
    policy.includes("frame-ancestors 'none'") &&
    policy.includes("default-src 'none'") &&
    headers['x-powered-by'] === undefined &&
    headers.server === undefined
  );
}
