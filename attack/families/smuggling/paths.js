const MONTHS = '/v1/months/current';
const TOKEN_BODY = '{"intent":"open_chat"}';

/** Spellings of an operator route; with no credential, and with an admin's. */
const SPELLINGS = [
  ...[
    `/${MONTHS}`,
    `//v1//months/current`,
    '/v1/./months/current',
    '/v1/x/../months/current',
    '/v1/%2e%2e/v1/months/current',
  ],
  ...[
    '/%76%31/months/current',
    '/v1%2fmonths%2fcurrent',
    '/v1/months%2fcurrent',
    '/v1\\months\\current',
    '/v1/months/current/',
  ],
  ...[
    '/V1/MONTHS/CURRENT',
    '/v1/months/current;x=1',
    '/v1/months/current%00',
    '/v1/months/current%20',
    '/v1/months/current.json',
  ],
  ...[
    '/v1/months/current%0d%0aX-Evil:%201',
    '/ops/..%2fv1/months/current',
    '/livez/../v1/months/current',
    '/demo/../v1/months/current',
  ],
  ...[
    '/.;/v1/months/current',
    '/v1/months/..;/current',
    '/%252e%252e/v1/months/current',
    '/v1/months/current?%zz',
    '/*',
    '*',
  ],
  ...[
    'http://chat.attack.example/v1/months/current',
    'http://evil.example/v1/months/current',
    'https://evil.example:99/v1/months/current',
  ],
  ...[
    'evil.example:443',
    '//evil.example/v1/months/current',
    '///evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    'data:,x',
  ],
  ...[
    '/ops/assets/..%2f..%2f..%2fpackage.json/x',
    '/ops/assets/x/..%2f..%2f..%2f..%2fetc%2fpasswd',
    '/problems/..%2f..%2fetc%2fpasswd',
  ],
  ...[
    '/.env',
    '/.git/config',
    '/package.json',
    '/config/mau-guard.yaml',
    '/metrics',
    '/server-status',
    '/actuator/env',
    '/debug/pprof',
  ],
];

const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override'];
const REWRITES = ['x-original-url', 'x-rewrite-url', 'x-forwarded-uri', 'x-forwarded-path'];

/** Addresses by which something would be reached that its own address guards, and hosts that would be believed. */
export async function forgePaths({ ground, tally, random, rounds }) {
  const { secrets, send, gateways } = ground;
  const admin = { authorization: `Bearer ${secrets.adminKey}` };
  for (const gateway of Object.values(gateways)) {
    const get = (path, headers = {}, method = 'GET', body) =>
      send({ port: gateway.port, path, headers, method, body });
    for (const path of SPELLINGS) {
      const answer = await get(path);
      const shut = answer.status >= 300 && answer.status < 500 && !answer.text.includes('"identities"');
      tally.check(`GET ${path} without a credential (${gateway.name})`, shut, answer);
      const opened = await get(path, admin);
      tally.check(
        `GET ${path} breaks nothing (${gateway.name})`,
        opened.status > 0 && opened.status < 500,
        opened,
      );
    }
    for (const header of REWRITES) {
      tally.refused(
        `${header} (${gateway.name})`,
        await get('/nothing', { ...admin, [header]: MONTHS }),
        404,
      );
    }
    for (const header of OVERRIDES) {
      const headers = { ...admin, [header]: 'PUT', 'content-type': 'application/json' };
      tally.refused(
        `${header} (${gateway.name})`,
        await get('/v1/freeze', headers, 'POST', '{"reason":"x"}'),
        405,
      );
    }
    tally.refused(
      `_method (${gateway.name})`,
      await get(
        '/v1/freeze?_method=PUT',
        { ...admin, 'content-type': 'application/json' },
        'POST',
        '{"reason":"x"}',
      ),
      405,
    );
    for (const method of [
      'TRACE',
      'TRACK',
      'DEBUG',
      'PROPFIND',
      'MOVE',
      'LINK',
      'PURGE',
      'SEARCH',
      'QUERY',
    ]) {
      const answer = await get('/v1/tokens', { 'x-secret-of-the-client': 'reflected' }, method);
      tally.check(
        `${method} (${gateway.name})`,
        answer.status >= 400 && answer.status < 500 && !answer.text.includes('reflected'),
        answer,
      );
    }
    for (const length of [4_000, 15_000, 17_000, 60_000]) {
      const answer = await get(`/v1/${'x'.repeat(length)}`);
      // A connection that is cut while it is still being written to has no answer.
      tally.check(
        `an address of ${length} characters (${gateway.name})`,
        [404, 414, 431, 0].includes(answer.status),
        answer,
      );
    }
    for (let round = 0; round < rounds; round++) {
      const path = `/${Array.from({ length: 1 + random.below(6) }, () => random.pick(PIECES)).join('')}`;
      const answer = await get(
        path,
        random.chance(0.5) ? admin : {},
        random.pick(['GET', 'POST', 'PUT', 'DELETE', 'HEAD']),
      );
      tally.check(`${path.slice(0, 80)} (${gateway.name})`, answer.status > 0 && answer.status < 500, answer);
    }
  }
  const isShut = await send({ port: gateways.open.port, path: '/v1/freeze', headers: admin });
  tally.check('nobody was frozen', isShut.status === 200 && !isShut.text.includes('"frozen":true'), isShut);
  const token = await send({
    port: gateways.open.port,
    path: '//v1/tokens',
    headers: { 'content-type': 'application/json' },
    body: TOKEN_BODY,
  });
  tally.refused('two slashes before tokens', token, 404);
}

const PIECES = [
  ...[
    'v1',
    '/',
    '//',
    '..',
    '%2e',
    '%2f',
    '%5c',
    '%00',
    '%0a',
    '%ff',
    '%',
    ';',
    '?',
    '#',
    '&',
    '=',
    '[',
    ']',
    '{',
    '}',
    '\\',
    '|',
    '~',
  ],
  ...[
    'months',
    'current',
    '2026-11',
    '2026-13',
    'tokens',
    'identities',
    'ops',
    'exports',
    'problems',
    'budget',
    'raises',
    'alerts',
    'audit',
  ],
  ...[
    'cursor=',
    'limit=',
    'service=',
    '__proto__',
    'constructor',
    '1e9',
    '-1',
    'null',
    'AAAA',
    '%F0%9F%98%80',
    '%c0%ae',
    "'",
    '"',
    '<x>',
    '$',
    '`',
  ],
];
