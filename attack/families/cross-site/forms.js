import { APP_ORIGIN, FAILURES, PUBLIC_URL } from '../../ground/gateway-settings.js';
import { inParallel } from '../../tools/cases.js';
import { encode } from '../../tools/jwt.js';
import { FOREIGN, HOST } from './origins.js';

const FORM = 'application/x-www-form-urlencoded';
const FORMS = [
  ...[
    '/ops/budget',
    '/ops/budget/raises',
    '/ops/budget/raises/end',
    '/ops/freeze',
    '/ops/identities/m_x/block',
  ],
  ...[
    '/ops/identities/reveal',
    '/ops/alerts/test',
    '/ops/sessions/end',
    '/ops/logout',
    '/ops/theme',
    '/ops/login',
  ],
];
const BODY = 'reason=x&frozen=yes&whose=everybody&limit=1&mode=block&blocked=yes&theme=dark';

/** Forms of the dashboard that other pages send with an operator's cookie, and sign-ins that nobody began. */
export async function forgeForms({ ground, tally, address }) {
  const { secrets, send, gateways, witness, issuer } = ground;
  const { port } = gateways.open;
  const post = (path, headers, body = BODY) =>
    send({ port, path, headers: { host: HOST, 'content-type': FORM, ...headers }, body, from: address() });
  const signedIn = await post('/ops/login', { origin: PUBLIC_URL }, `key=${secrets.adminKey}`);
  const cookie = (signedIn.headers['set-cookie'] ?? '').split(';')[0];
  const attributes = signedIn.headers['set-cookie'] ?? '';
  tally.check(
    'a session is bound to its host, unseen by scripts and kept to its own site',
    cookie.startsWith('__Host-mg_ops=') &&
      ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/'].every((one) => attributes.includes(one)),
    signedIn,
  );
  witness.hand('a dashboard session', cookie.split('.').at(-1));

  for (const path of FORMS) {
    for (const origin of [...FOREIGN, APP_ORIGIN]) {
      tally.refused(`${path} from ${origin}`, await post(path, { cookie, origin }), 403);
    }
    for (const site of ['cross-site', 'same-site', 'none', 'same-origin, cross-site', '']) {
      const headers = { cookie, origin: PUBLIC_URL, 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' };
      tally.refused(`${path} by ${JSON.stringify(site)}`, await post(path, headers), 403);
    }
    tally.refused(`${path} from nowhere`, await post(path, { cookie }), 403);
    for (const type of ['text/plain', 'application/json', 'multipart/form-data; boundary=x']) {
      tally.refused(
        `${path} from elsewhere as ${type}`,
        await post(path, { cookie, origin: 'null', 'content-type': type }),
        403,
      );
    }
    const got = await send({ port, path: `${path}?${BODY}`, headers: { host: HOST, cookie } });
    const shows = ['/ops/budget'].includes(path);
    tally.check(
      `GET ${path} changes nothing`,
      shows ? got.status === 200 : [404, 405].includes(got.status),
      got,
    );
  }
  const [payload, signature] = cookie.split('=')[1].split('.');
  const role = encode(
    JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), n: 'somebody' }),
  );
  for (const [name, value] of [
    ['another operator', `${role}.${signature}`],
    ['no signature', `${payload}.`],
    ['half a signature', `${payload}.${signature.slice(0, 20)}`],
    ['a signature too long', `${payload}.${signature}AAAA`],
    ['three parts', `${payload}.${signature}.x`],
    ['a guest credential', '1.default.g_00000000000000000000000000000000.0.A'],
  ]) {
    const answer = await send({
      port,
      path: '/v1/months',
      headers: { host: HOST, cookie: `__Host-mg_ops=${value}` },
      from: address(),
    });
    tally.refused(`a session with ${name}`, answer, 401);
  }
  const plain = await send({
    port,
    path: '/v1/months',
    headers: { host: HOST, cookie: cookie.replace('__Host-', '') },
    from: address(),
  });
  tally.refused('a session in a cookie that a neighbour can set', plain, 401);
  const still = await send({ port, path: '/v1/months', headers: { host: HOST, cookie } });
  tally.check('the session is what it was', still.status === 200, still);
  const freeze = await send({
    port,
    path: '/v1/freeze',
    headers: { authorization: `Bearer ${secrets.adminKey}` },
  });
  tally.check(
    'nobody froze anything',
    freeze.status === 200 && !/"frozen":true|"since":"/.test(freeze.text),
    freeze,
  );

  await signInFromNowhere({ send, tally, port: gateways.proxied.port, issuer });
}

/**
 * Everybody can make up an attempt; the provider is asked no more often than a network may fail, and than a gateway on
 * its own lets fail again when it has to wait for Redis.
 */
async function signInFromNowhere({ send, tally, port, issuer }) {
  const attempt = encode({
    state: 'x',
    nonce: 'x',
    verifier: 'x'.repeat(43),
    redirectUri: `${PUBLIC_URL}/ops/login/callback`,
  });
  const before = issuer.asked.filter((path) => path === '/ops/token').length;
  const answers = await inParallel(Array.from({ length: 4 * FAILURES }), 10, () =>
    send({
      ...{ port, path: '/ops/login/callback?code=x&state=x' },
      headers: { host: HOST, cookie: `__Host-mg_ops_login=${attempt}`, 'x-forwarded-for': '203.0.113.200' },
    }),
  );
  const asked = issuer.asked.filter((path) => path === '/ops/token').length - before;
  tally.check(
    'made-up sign-ins ask the provider no more than a minute allows',
    asked <= 2 * FAILURES,
    `${asked} times`,
  );
  const odd = answers.find(({ status }) => ![401, 429].includes(status));
  tally.check('and lead to nothing', odd === undefined, odd);
}
