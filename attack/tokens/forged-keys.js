import { constants, createHash, generateKeyPairSync } from 'node:crypto';
import { encode, signHmac, signWithKey } from '../tools/jwt.js';

const VICTIM = 'victim';
const STRANGER = generateKeyPairSync('rsa', { modulusLength: 2048 });
const STRANGER_EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const TYPES = { RS256: 'sha256', PS256: 'sha256', RS384: 'sha384', RS512: 'sha512' };

/** Without a signature, or with one that says nothing. */
const UNSIGNED = ['none', 'None', 'NONE', 'nOnE', 'none ', '', 'null', 'HS0', 'undefined'].flatMap((alg) =>
  ['', 'AA', encode('x'.repeat(256))].map((signature) => [
    `alg ${JSON.stringify(alg)}, signature of ${signature.length} characters`,
    (issuer) => `${encode({ alg, kid: 'rsa-1' })}.${encode(issuer.claimsOf('rsa', VICTIM))}.${signature}`,
  ]),
);

/** The public key taken for a shared secret, in every form in which it can be had. */
function publicForms({ publicKey }) {
  const jwk = publicKey.export({ format: 'jwk' });
  const pem = (type) => publicKey.export({ type, format: 'pem' }).toString();
  return {
    'the PEM': pem('spki'),
    'the PEM without its last line end': pem('spki').trim(),
    'the PEM of PKCS #1': pem('pkcs1'),
    'the DER': publicKey.export({ type: 'spki', format: 'der' }),
    'the JWK': JSON.stringify(jwk),
    'the JWK with its names': JSON.stringify({ ...jwk, kid: 'rsa-1', alg: 'RS256', use: 'sig' }),
    'the modulus': Buffer.from(jwk.n, 'base64url'),
    'the modulus as text': jwk.n,
    nothing: '',
    zeros: Buffer.alloc(32),
    'its own key id': 'rsa-1',
  };
}

const CONFUSED = ['HS256', 'HS384', 'HS512'].flatMap((alg) =>
  Object.keys(publicForms(STRANGER)).map((form) => [
    `${alg} with ${form} as secret`,
    (issuer) => {
      const header = { alg, kid: 'rsa-1' };
      const key = publicForms(issuer.rsa)[form];
      return signHmac(header, issuer.claimsOf('rsa', VICTIM), key, `sha${alg.slice(2)}`);
    },
  ]),
);

/** Of one issuer, signed as another one does. */
const CROSSED = [
  ['RSA issuer, HS256 by the shared secret of another', (i) => i.logins.shared(VICTIM, { iss: i.names.rsa })],
  ['shared issuer, RS256 by another', (i) => i.logins.rsa(VICTIM, { iss: i.names.shared })],
  ['EC issuer, RS256 by another', (i) => i.logins.rsa(VICTIM, { iss: i.names.ec })],
  ['RSA issuer, ES256 by another', (i) => i.logins.ec(VICTIM, { iss: i.names.rsa })],
  [
    'RSA issuer, ES256 by another, with the key id of its own',
    (i) => i.logins.ec(VICTIM, { iss: i.names.rsa }, { kid: 'rsa-1' }),
  ],
  ['EC issuer, key id of another', (i) => i.logins.ec(VICTIM, {}, { kid: 'rsa-1' })],
  ['RSA issuer, key id of another', (i) => i.logins.rsa(VICTIM, {}, { kid: 'ec-1' })],
  ['opaque issuer, RS256 by another', (i) => i.logins.rsa(VICTIM, { iss: i.names.opaque })],
  ['an issuer that is none', (i) => i.logins.rsa(VICTIM, { iss: `${i.url}/nobody` })],
  ['the issuer with a slash', (i) => i.logins.rsa(VICTIM, { iss: `${i.names.rsa}/` })],
  ['the issuer with another path to it', (i) => i.logins.rsa(VICTIM, { iss: `${i.url}/ec/../rsa` })],
  ['the issuer in capitals', (i) => i.logins.rsa(VICTIM, { iss: i.names.rsa.toUpperCase() })],
  ['a list of issuers', (i) => i.logins.rsa(VICTIM, { iss: [i.names.rsa] })],
  [
    'a guest of ours as issuer',
    (i) => i.logins.rsa(`g_${'0'.repeat(32)}`, { iss: 'mau-guard:guest:default' }),
  ],
];

/** Algorithms that the issuer does not use, by the issuer's own key: nobody may talk us into them. */
const DOWNGRADED = [
  ...['RS384', 'RS512', 'RS1', 'rs256', 'RSA', 'ES256', 'EdDSA'].map((alg) => [
    `alg ${alg} by the key of the issuer`,
    (issuer) =>
      signWithKey({ alg, kid: 'rsa-1' }, issuer.claimsOf('rsa', VICTIM), issuer.rsa.privateKey, {
        hash: TYPES[alg] ?? 'sha256',
      }),
  ]),
  [
    'RS256 with SHA-1',
    (issuer) =>
      signWithKey({ alg: 'RS256', kid: 'rsa-1' }, issuer.claimsOf('rsa', VICTIM), issuer.rsa.privateKey, {
        hash: 'sha1',
      }),
  ],
  [
    'RS256 with the padding of PS256',
    (issuer) => {
      const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
      return signWithKey(
        { alg: 'RS256', kid: 'rsa-1' },
        issuer.claimsOf('rsa', VICTIM),
        issuer.rsa.privateKey,
        padding,
      );
    },
  ],
];

/** Keys that the token brings along or names. */
const EMBEDDED = Object.entries({
  jku: (issuer) => `${issuer.url}/evil-jku`,
  x5u: (issuer) => `${issuer.url}/evil-x5u`,
  jwk: () => ({ ...STRANGER.publicKey.export({ format: 'jwk' }), kid: 'rsa-1', alg: 'RS256' }),
  x5c: () => [STRANGER.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')],
  'x5t#S256': () => createHash('sha256').update('x').digest('base64url'),
}).flatMap(([member, value]) =>
  ['rsa-1', 'evil', undefined].map((kid) => [
    `${member} of a key of the attacker's, key id ${kid}`,
    (issuer) => {
      const header = { alg: 'RS256', kid, [member]: value(issuer) };
      return signWithKey(header, issuer.claimsOf('rsa', VICTIM), STRANGER.privateKey);
    },
  ]),
);

const KEY_IDS = [
  ...[
    '../../../dev/null',
    '/etc/passwd',
    'file:///etc/passwd',
    "' OR '1'='1",
    "x' UNION SELECT 'k' --",
    '$(id)',
  ],
  ...[
    'http://127.0.0.1:1/k',
    'rsa-1\u0000',
    ' rsa-1',
    'RSA-1',
    '__proto__',
    'constructor',
    '',
    'x'.repeat(2_000),
  ],
].map((kid) => [
  `key id ${JSON.stringify(kid).slice(0, 40)}`,
  (issuer) => signWithKey({ alg: 'RS256', kid }, issuer.claimsOf('rsa', VICTIM), STRANGER.privateKey),
]);

const STRANGERS = [
  [
    'signed by a stranger with RSA',
    (i) => signWithKey({ alg: 'RS256', kid: 'rsa-1' }, i.claimsOf('rsa', VICTIM), STRANGER.privateKey),
  ],
  [
    'signed by a stranger with EC',
    (i) => signWithKey({ alg: 'ES256', kid: 'ec-1' }, i.claimsOf('ec', VICTIM), STRANGER_EC.privateKey),
  ],
  [
    'signed by a stranger who names no key',
    (i) => signWithKey({ alg: 'RS256' }, i.claimsOf('rsa', VICTIM), STRANGER.privateKey),
  ],
];

/** Signed by nobody, by somebody else, or in another way than the issuer signs. */
export const FORGED_KEYS = [
  ...[UNSIGNED, CONFUSED, CROSSED, DOWNGRADED, EMBEDDED, KEY_IDS, STRANGERS].flat(),
];
