import { askForToken, countPeople, tokenOf } from '../ground/ask.js';
import { FORGED_KEYS } from '../tokens/forged-keys.js';
import { AMBIGUOUS_LOGINS, FORGED_TEXTS } from '../tokens/forged-texts.js';
import { withParts } from '../tools/jwt.js';

const JSON_TYPE = { 'content-type': 'application/json' };
/** Where a gateway may ask an issuer. */
const KEY_SETS = [
  ...['/rsa/jwks', '/ec/jwks', '/opaque/jwks', '/opaque/.well-known/openid-configuration'],
  ...['/opaque/introspect', '/session'],
];

/**
 * Logins that are forged, confused or spoilt. None is let in and none counted; whatever a token says of keys elsewhere,
 * nobody but the issuer is asked, and nobody is ever taken for somebody else.
 */
export async function attack({ ground, tally, random, rounds }) {
  const { issuer } = ground;
  const { token: twilio } = await tokenOf(ground, issuer.logins.rsa('victim'));
  // Who somebody is at their own login stays there: neither answers nor logs nor the ledger have it.
  const named = `planted-subject-${random.hex(32)}`;
  ground.witness.plant('the subject of a login', named);
  await tokenOf(ground, issuer.logins.rsa(named));
  const before = await countPeople(ground);
  const asBearer = (token) => askForToken(ground, { authorization: `Bearer ${token}` });

  for (const [name, make] of [...FORGED_KEYS, ...FORGED_TEXTS]) {
    const token = make(issuer);
    plant(ground, token);
    tally.refused(name, await asBearer(token), 401);
  }
  const answers = await mixCredentials(ground, twilio);
  for (const [name, answer, ...statuses] of answers) tally.refused(name, answer, ...statuses);
  tally.check(
    'nobody but the issuers was asked for keys',
    issuer.asked.every(
      (path) => KEY_SETS.includes(path) || path.startsWith('/pager') || path.includes('alert-path'),
    ),
    issuer.asked.filter((path) => !KEY_SETS.includes(path)),
  );
  const counted = await countPeople(ground);
  tally.check('nobody was counted', counted.total === before.total, counted);

  await bendTokens(ground, { tally, random, rounds, asBearer });
  const after = await countPeople(ground);
  tally.check(
    'nobody but the three whose tokens were bent was counted',
    after.total === before.total + 3,
    after,
  );
}

/** Tokens that are nearly the real ones: nobody, or the very person. */
async function bendTokens(ground, { tally, random, rounds, asBearer }) {
  const { issuer } = ground;
  for (const kind of ['rsa', 'ec', 'shared']) {
    const token = issuer.logins[kind](`bent-${kind}`);
    const { identity } = await tokenOf(ground, token);
    for (let round = 0; round < rounds; round++) {
      const answer = await asBearer(spoil(token, random));
      const same = answer.status === 200 && answer.json.identity === identity;
      tally.check(
        `a changed character of a token (${kind}), round ${round}`,
        answer.status === 401 || same,
        answer,
      );
    }
  }
  const login = issuer.logins.ec('bent-ec');
  const mirrored = withParts(login, ([header, claims, signature]) => [header, claims, mirror(signature)]);
  const { identity } = await tokenOf(ground, login);
  const answer = await asBearer(mirrored);
  // The other root of the same signature: nothing is forged, and nobody else may come of it.
  tally.check(
    'the mirrored signature of ES256 is nobody else',
    answer.status === 401 || answer.json?.identity === identity,
    answer,
  );
  const { identity: victim } = await tokenOf(ground, issuer.logins.rsa('victim'));
  for (const [name, make] of AMBIGUOUS_LOGINS) {
    const seen = await asBearer(make(issuer));
    tally.check(name, seen.status === 401 || seen.json?.identity === victim, seen);
  }
}

/** Several credentials at once, and those of somebody else in the wrong place. */
async function mixCredentials(ground, twilio) {
  const { issuer, secrets, send, gateways } = ground;
  const good = issuer.logins.rsa('mixed');
  const ask = (headers) => askForToken(ground, headers);
  const raw = (headers) =>
    send({
      port: gateways.open.port,
      path: '/v1/tokens',
      headers: ['Host', 'chat.attack.example', ...Object.entries(JSON_TYPE).flat(), ...headers],
      body: '{"intent":"open_chat"}',
    });
  return [
    ['a token for Twilio as a login', await ask({ authorization: `Bearer ${twilio}` }), 401],
    ['an ops key as a login', await ask({ authorization: `Bearer ${secrets.adminKey}` }), 401],
    ['a backend key as a login', await ask({ authorization: `Bearer ${secrets.backendKey}` }), 401],
    ['an ops key as a backend key', await ask({ 'x-api-key': secrets.adminKey, 'x-subject': 'victim' }), 401],
    [
      'a bad login beside a good session',
      await ask({
        authorization: 'Bearer x',
        cookie: 'app_session=session-of-ada',
        origin: 'https://app.attack.example',
      }),
      401,
    ],
    [
      'an empty login beside a good session',
      await ask({
        authorization: '',
        cookie: 'app_session=session-of-ada',
        origin: 'https://app.attack.example',
      }),
      401,
    ],
    [
      'a login and a backend key',
      await ask({ authorization: `Bearer ${good}`, 'x-api-key': secrets.backendKey, 'x-subject': 'victim' }),
      400,
    ],
    ['two logins in one header', await ask({ authorization: `Bearer x, Bearer ${good}` }), 400],
    [
      'two headers, the good one last',
      await raw(['Authorization', 'Bearer x', 'authorization', `Bearer ${good}`]),
      400,
    ],
    [
      'two headers, the good one first',
      await raw(['Authorization', `Bearer ${good}`, 'Authorization', 'Bearer x']),
      400,
    ],
    ['a backend key without a person', await ask({ 'x-api-key': secrets.backendKey }), 401],
    [
      'a backend key for a blank person',
      await ask({ 'x-api-key': secrets.backendKey, 'x-subject': '  ' }),
      401,
    ],
    [
      'two backend keys',
      await raw(['X-Api-Key', 'x', 'X-Api-Key', secrets.backendKey, 'X-Subject', 'victim']),
      400,
    ],
    [
      'two subjects',
      await raw(['X-Api-Key', secrets.backendKey, 'X-Subject', 'ada', 'X-Subject', 'victim']),
      400,
    ],
    [
      'a login by Basic',
      await ask({ authorization: `Basic ${Buffer.from(`x:${good}`).toString('base64')}` }),
      401,
    ],
    [
      'a session of nobody',
      await ask({ cookie: 'app_session=x', origin: 'https://app.attack.example' }),
      401,
    ],
    ['a good session from nowhere', await ask({ cookie: 'app_session=session-of-ada' }), 403],
    [
      'a good session from another page',
      await ask({ cookie: 'app_session=session-of-ada', origin: 'https://evil.example' }),
      403,
    ],
  ];
}

/** What nobody but the attacker should ever see again. */
function plant({ witness }, token) {
  const signature = token.split('.')[2] ?? '';
  if (signature.length > 20) witness.plant('a forged login', signature);
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function spoil(token, random) {
  const at = random.below(token.length);
  const other = random.pick([...ALPHABET].filter((character) => character !== token[at]));
  return token.slice(0, at) + other + token.slice(at + 1);
}

const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/** s becomes n − s, which verifies as well as s does. */
function mirror(signature) {
  const bytes = Buffer.from(signature, 'base64url');
  const s = ORDER - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  return Buffer.concat([
    bytes.subarray(0, 32),
    Buffer.from(s.toString(16).padStart(64, '0'), 'hex'),
  ]).toString('base64url');
}
