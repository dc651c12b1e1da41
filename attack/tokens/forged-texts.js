import { decode, encode, signWithKey, withParts } from '../tools/jwt.js';

const VICTIM = 'victim';
const HEADERS = [
  { crit: ['exp'], exp: 9_999_999_999 },
  { crit: ['b64'], b64: false },
  { crit: [] },
  { crit: 'b64' },
  { crit: ['urn:example:unheard-of'], 'urn:example:unheard-of': true },
  { kid: ['rsa-1'] },
  { kid: { toString: 'rsa-1' } },
  { alg: ['RS256'] },
  { alg: null },
].map((header) => [`header ${JSON.stringify(header)}`, (issuer) => issuer.logins.rsa(VICTIM, {}, header)]);

const NOW = Math.floor(Date.now() / 1000);
const CLAIMS = [
  ...[
    NOW - 900,
    0,
    -1,
    -1e308,
    'never',
    '9999999999',
    null,
    true,
    [NOW + 900],
    { valueOf: NOW + 900 },
    undefined,
  ].map((exp) => ({ exp })),
  ...[NOW + 900, 1e308, 'soon', null, [0], {}].map((nbf) => ({ nbf })),
  ...[NOW + 86_400, 1e308, 'now', null, {}].map((iat) => ({ iat })),
  ...['another', '', [], ['another'], null, { chat: true }, undefined, 'chat ', 'CHAT', [['chat']]].map(
    (aud) => ({ aud }),
  ),
  ...['', '  ', null, true, 1.5, 2 ** 53, -0.1, [], ['victim'], { toString: VICTIM }, `${VICTIM}\u0000`].map(
    (sub) => ({ sub }),
  ),
  ...[`${VICTIM}\n{"forged":true}`, '\u001b[31mred', '\ud800', 'x'.repeat(1_025), undefined].map((sub) => ({
    sub,
  })),
].map((claims) => [
  `claims ${describe(claims)}`,
  (issuer) => issuer.logins.rsa(claims.sub ?? VICTIM, claims),
]);

/** Texts that two readers may read differently. */
const SHAPES = [
  [
    'a claim that stands there twice',
    (i) => reclaim(i, (json) => json.replace('"sub"', `"sub":"other","sub"`), false),
  ],
  [
    'an issuer that stands there twice',
    (i) => reclaim(i, (json) => json.replace('"iss"', '"iss":"https://evil.example","iss"'), false),
  ],
  ['claims with a byte order mark', (i) => reclaim(i, (json) => `\uFEFF${json}`, true)],
  ['claims that are a list', (i) => reclaim(i, (json) => `[${json}]`, true)],
  ['claims that are a text', (i) => reclaim(i, (json) => JSON.stringify(json), true)],
  ['claims that are null', (i) => reclaim(i, () => 'null', true)],
  [
    'claims that are no UTF-8',
    (i) =>
      reclaim(i, (json) => Buffer.concat([Buffer.from(json.slice(0, -1)), Buffer.from([0xff, 0x7d])]), true),
  ],
  [
    'claims nested without end',
    (i) => reclaim(i, (json) => json.replace('{', `{"x":${'['.repeat(1_500)}${']'.repeat(1_500)},`), true),
  ],
  [
    'claims with a prototype',
    (i) => reclaim(i, (json) => json.replace(/"sub":"[^"]*"/, `"__proto__":{"sub":"${VICTIM}"}`), true),
  ],
  [
    'a token within a token',
    (i) => signWithKey({ alg: 'RS256', kid: 'rsa-1', cty: 'JWT' }, i.logins.rsa(VICTIM), i.rsa.privateKey),
  ],
  ['a token longer than any real one', (i) => i.logins.rsa(VICTIM, { padding: 'x'.repeat(7_000) })],
  [
    'a JWE',
    () =>
      `${encode({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.${'A'.repeat(342)}.${'A'.repeat(16)}.${'A'.repeat(40)}.${'A'.repeat(22)}`,
  ],
  ['a JSON serialisation', (i) => `{"payload":"${i.logins.rsa(VICTIM).split('.')[1]}"}`],
];

/** The signature of a good token, spoilt. */
const SIGNATURES = [
  ['a signature cut short', ([h, c, s]) => [h, c, s.slice(0, -4)]],
  ['a signature cut to nothing', ([h, c]) => [h, c, '']],
  ['a signature that goes on', ([h, c, s]) => [h, c, `${s}AAAA`]],
  ['a signature twice', ([h, c, s]) => [h, c, s + s]],
  ['padding behind the signature', ([h, c, s]) => [h, c, `${s}==`]],
  ['a blank in the signature', ([h, c, s]) => [h, c, `${s.slice(0, 9)} ${s.slice(9)}`]],
  ['a line end behind the header', ([h, c, s]) => [`${h}\t`, c, s]],
  ['base64 that is not of URLs', ([h, c, s]) => [h, c, `${s.slice(0, -4)}+/+/`]],
  ['a fourth part', ([h, c, s]) => [h, c, s, s]],
  ['claims of another person', ([h, c, s]) => [h, encode({ ...decode(c), sub: 'another' }), s]],
].flatMap(([name, change]) =>
  ['rsa', 'ec', 'shared'].map((kind) => [
    `${name} (${kind})`,
    (issuer) => withParts(issuer.logins[kind](VICTIM), change),
  ]),
);

const ORDER = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';

const ELLIPTIC = [
  ['r and s of nothing', () => Buffer.alloc(64)],
  ['r and s of one', () => Buffer.concat([Buffer.alloc(31), Buffer.of(1), Buffer.alloc(31), Buffer.of(1)])],
  ['r and s of the order of the curve', () => Buffer.from(`${ORDER}${ORDER}`, 'hex')],
  ['a DER signature', () => Buffer.from('3006020100020100', 'hex')],
].map(([name, signature]) => [
  `ES256 with ${name}`,
  (issuer) => withParts(issuer.logins.ec(VICTIM), ([h, c]) => [h, c, encode(signature())]),
]);

function reclaim(issuer, change) {
  const claims = JSON.stringify(issuer.claimsOf('rsa', VICTIM));
  return signWithKey({ alg: 'RS256', kid: 'rsa-1' }, change(claims), issuer.rsa.privateKey);
}

function describe(claims) {
  const [[name, value]] = Object.entries(claims);
  return `${name} ${JSON.stringify(value)}`.slice(0, 50);
}

/** Signed by the issuer and then spoilt, or saying what nobody can be believed. */
export const FORGED_TEXTS = [
  ...[HEADERS, CLAIMS, SHAPES.filter(([name]) => !name.includes('twice')), SIGNATURES, ELLIPTIC].flat(),
];

/** Signed by the issuer itself, and so good, however odd: they must be the person whom the last reader sees. */
export const AMBIGUOUS_LOGINS = SHAPES.filter(([name]) => name.includes('twice'));
