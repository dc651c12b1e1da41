/** Pages and answers that could give back a host. */
const PLACES = [
  ...[
    '/',
    '/livez',
    '/readyz',
    '/readyz?verbose',
    '/openapi.json',
    '/problems/not-found',
    '/problems/nothing',
  ],
  ...[
    '/ops',
    '/ops/budget',
    '/ops/login/oidc',
    '/ops/login/callback?code=x&state=x',
    '/v1/months',
    '/v1/nothing',
    '/.well-known/jwks.json',
  ],
];

/** Ids of requests that would be lines of their own in a log. */
const IDS = [
  ...[
    '{"forged":true}',
    'a b',
    'x'.repeat(65),
    '',
    '../x',
    '<script>',
    '%0a',
    '"',
    "'",
    '\\n{"forged":true}',
    'é',
    '\u2028',
  ],
  ...['{"event":"token.minted"}', '{{7*7}}', "' OR 1=1 --", '__proto__', 'a,b', 'a\tb'],
];

/** Hosts that are nobody's, and ids that are more than ids. */
export async function forgeNames({ ground, tally }) {
  const { send, gateways } = ground;
  for (const gateway of Object.values(gateways)) {
    const get = (path, headers) => send({ port: gateway.port, path, headers });
    for (const path of PLACES) {
      for (const headers of [
        { host: 'evil.example' },
        { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'javascript' },
        { host: 'chat.attack.example"><script>evil.example' },
        {
          host: 'chat.attack.example',
          forwarded: 'host=evil.example;proto=http',
          'x-forwarded-prefix': '//evil.example',
        },
        { host: 'chat.attack.example', referer: 'https://evil.example', origin: 'https://evil.example' },
      ]) {
        const answer = await get(path, headers);
        const said = `${JSON.stringify(answer.headers)}${answer.text}`;
        tally.check(
          `${path} gives no host back (${gateway.name})`,
          answer.status > 0 && answer.status < 500 && !said.includes('evil.example'),
          answer,
        );
      }
    }
    for (const id of IDS) {
      const sent = Buffer.from(id, 'utf8').toString('latin1');
      const answer = await get('/v1/nothing', { host: 'chat.attack.example', 'x-request-id': sent });
      const own = answer.headers['x-request-id'];
      tally.check(
        `an id of ${JSON.stringify(id).slice(0, 30)} (${gateway.name})`,
        /^[\w.-]{1,64}$/.test(own ?? '') && (own !== id) === (id !== '__proto__'),
        own,
      );
    }
    const plain = await get('/v1/nothing', { host: 'chat.attack.example', 'x-request-id': 'a.plain-id_1' });
    tally.check(
      `a plain id is kept (${gateway.name})`,
      plain.headers['x-request-id'] === 'a.plain-id_1',
      plain,
    );
  }
}
