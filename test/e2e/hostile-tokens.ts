import { createHmac } from 'node:crypto';
import { generateKeyPair, SignJWT } from 'jose';
import { goodClaims, type JwksIssuer } from '../support/jwks-issuer.ts';

const now = () => Math.floor(Date.now() / 1000);

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A login that must not get anybody in: its name, and the token of a person. */
export type HostileToken = readonly [
  name: string,
  make: (issuer: JwksIssuer, person: string) => Promise<string> | string,
];

function unsigned(issuer: JwksIssuer, person: string, header: object, signature = ''): string {
  return `${encode(header)}.${encode(goodClaims(issuer.url, person))}.${signature}`;
}

function hmac(issuer: JwksIssuer, person: string, key: string, alg = 'HS256'): string {
  const signed = `${encode({ alg, typ: 'JWT' })}.${encode(goodClaims(issuer.url, person))}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

/** Signs with a key of the attacker's, and says where to find it. */
async function signedByStranger(
  issuer: JwksIssuer,
  person: string,
  header: Record<string, unknown>,
): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256');
  return new SignJWT(goodClaims(issuer.url, person))
    .setProtectedHeader({ alg: 'RS256', ...header })
    .sign(privateKey);
}

async function changed(
  issuer: JwksIssuer,
  person: string,
  change: (parts: string[]) => string[],
): Promise<string> {
  return change((await issuer.sign(person)).split('.')).join('.');
}

/** Every way to be wrong that we know of; the answer to all of them is 401. */
export const HOSTILE_TOKENS: readonly HostileToken[] = [
  ['of nobody', () => 'x'],
  ['that is empty between its dots', () => '..'],
  ['in two parts', (issuer, person) => changed(issuer, person, ([header, claims]) => [header!, claims!])],
  ['in five parts', (issuer, person) => changed(issuer, person, (parts) => [...parts, ...parts.slice(1)])],
  [
    'with a character that base64url has not',
    (issuer, person) => changed(issuer, person, ([h, c, s]) => [h!, c!, `${s!}=`]),
  ],
  ['without a signature', (issuer, person) => changed(issuer, person, ([h, c]) => [h!, c!, ''])],
  [
    'with the signature of another',
    async (issuer, person) => {
      const [, , signature] = (await issuer.sign('another')).split('.');
      return changed(issuer, person, ([h, c]) => [h!, c!, signature!]);
    },
  ],
  [
    'with claims that were changed after signing',
    (issuer, person) =>
      changed(issuer, person, ([h, , s]) => [h!, encode(goodClaims(issuer.url, `${person}-changed`)), s!]),
  ],
  ['with the algorithm none', (issuer, person) => unsigned(issuer, person, { alg: 'none' })],
  ['with the algorithm nOnE', (issuer, person) => unsigned(issuer, person, { alg: 'nOnE' }, encode('x'))],
  [
    'signed HS256 with the public key of the issuer',
    (issuer, person) => hmac(issuer, person, issuer.publicPem),
  ],
  ['signed HS256 with nothing', (issuer, person) => hmac(issuer, person, '\0'.repeat(32))],
  [
    'signed by somebody else under the same key id',
    async (issuer, person) => {
      const [header] = (await issuer.sign(person)).split('.');
      const { kid } = JSON.parse(Buffer.from(header!, 'base64url').toString()) as { kid: string };
      return signedByStranger(issuer, person, { kid });
    },
  ],
  ['signed by somebody else who names no key', (issuer, person) => signedByStranger(issuer, person, {})],
  [
    'with a key id elsewhere',
    (issuer, person) => signedByStranger(issuer, person, { kid: 'https://evil.example/key' }),
  ],
  ['with a key id that is a path', (issuer, person) => issuer.sign(person, {}, { kid: '../../etc/passwd' })],
  [
    'with a key set of its own to fetch (jku)',
    (issuer, person) => signedByStranger(issuer, person, { jku: `${issuer.url}/evil-jku`, kid: 'evil' }),
  ],
  [
    'with a certificate of its own to fetch (x5u)',
    (issuer, person) => signedByStranger(issuer, person, { x5u: `${issuer.url}/evil-x5u` }),
  ],
  [
    'with a key of its own within (jwk)',
    async (issuer, person) => {
      const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
      const { exportJWK } = await import('jose');
      return new SignJWT(goodClaims(issuer.url, person))
        .setProtectedHeader({ alg: 'RS256', jwk: await exportJWK(publicKey) })
        .sign(privateKey);
    },
  ],
  [
    'with a critical extension',
    (issuer, person) => unsigned(issuer, person, { alg: 'RS256', crit: ['exp'], exp: 1 }, encode('x')),
  ],
  ['of another issuer', (issuer, person) => issuer.sign(person, { iss: 'https://evil.example.com' })],
  ['of the same issuer, with a slash', (issuer, person) => issuer.sign(person, { iss: `${issuer.url}/` })],
  ['of no issuer', (issuer, person) => issuer.sign(person, { iss: undefined })],
  ['of a list of issuers', (issuer, person) => issuer.sign(person, { iss: [issuer.url] })],
  ['for another audience', (issuer, person) => issuer.sign(person, { aud: 'another' })],
  ['for no audience', (issuer, person) => issuer.sign(person, { aud: undefined })],
  ['that has expired', (issuer, person) => issuer.sign(person, { iat: now() - 900, exp: now() - 60 })],
  ['that never expires', (issuer, person) => issuer.sign(person, { exp: undefined })],
  ['that expires some day', (issuer, person) => issuer.sign(person, { exp: 'some day' })],
  ['that is not valid yet', (issuer, person) => issuer.sign(person, { nbf: now() + 60 })],
  [
    'that was issued in the far future',
    (issuer, person) => issuer.sign(person, { iat: now() + 86_400, exp: now() + 90_000 }),
  ],
  ['of nobody in particular', (issuer) => issuer.sign('x', { sub: undefined })],
  ['of an empty person', (issuer) => issuer.sign('x', { sub: '  ' })],
  ['of a person who is an object', (issuer) => issuer.sign('x', { sub: { toString: 'ada' } })],
  ['of a person with a control character', (issuer, person) => issuer.sign(`${person}\u0000`)],
  ['of a person with a line end', (issuer, person) => issuer.sign(`${person}\n{"forged":true}`)],
  ['of a person who would overflow', (issuer, person) => issuer.sign(person.repeat(40))],
  [
    'of a person whom Twilio would refuse for the alphabet',
    (issuer, person) => issuer.sign(`${person}:example.com`),
  ],
  [
    'of a person whom Twilio would take for a User SID',
    (issuer) => issuer.sign(`US${'0123456789abcdef'.repeat(2)}`),
  ],
  ['of a person with a name too long for Twilio', (issuer) => issuer.sign('x'.repeat(257))],
  [
    'that is longer than any real one',
    (issuer, person) => issuer.sign(person, { padding: 'x'.repeat(7_000) }),
  ],
  [
    'with claims nested without end',
    (issuer, person) =>
      `${encode({ alg: 'RS256' })}.${encode(`{"iss":"${issuer.url}","sub":"${person}","x":${'['.repeat(2000)}${']'.repeat(2000)}}`)}.x`,
  ],
];
