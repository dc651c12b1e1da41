import { createHmac, createPrivateKey, sign } from 'node:crypto';

/** Logins that are signed with a shared secret, so that signing them takes no time. */
export const HMAC_ISSUER = {
  issuer: 'https://logins.chaos.example',
  audience: 'chaos',
  secret: 'secret-of-the-logins-of-a-chaos-run-0123456789',
  claims: { class: 'kind', tenant: 'team' },
};

/** Identities derive from it; the model derives them once more, by code of its own. */
export const IDENTITY_SECRET = 'identity-secret-of-a-chaos-run-0123456789';

const PREFIXES = { member: 'm_', agent: 'a_' };
const OPAQUE_CHARACTERS = 22;
/** Longer than any run, whose clock jumps over years. */
const LOGIN_SECONDS = 20 * 365 * 86_400;

/**
 * @typedef {object} Person
 * @property {number} n
 * @property {string} subject
 * @property {'member' | 'agent'} className
 * @property {string | null} tenant
 * @property {string} issuer
 * @property {string} identity their own, before links
 */

/**
 * The people of a run and their logins, half of them by RS256.
 *
 * @param {import('../bench/people/login-issuer.js').LoginIssuer} rsaIssuer
 * @param {number} bornMs before every instant of the run, ms since the epoch
 */
export function createPeople(rsaIssuer, bornMs) {
  const key = createPrivateKey(rsaIssuer.privateKeyPem);
  const times = { iat: Math.floor(bornMs / 1000), exp: Math.floor(bornMs / 1000) + LOGIN_SECONDS };
  /** @type {Map<number, Person>} */
  const people = new Map();
  /** @type {Map<number, string>} */
  const logins = new Map();

  /** @param {number} n */
  function personOf(n) {
    const known = people.get(n);
    if (known !== undefined) return known;
    const issuer = n % 2 === 0 ? HMAC_ISSUER.issuer : rsaIssuer.issuer;
    const subject = `person-${n}`;
    const className = n % 25 === 0 ? 'agent' : 'member';
    const tenant = n % 10 < 3 ? 'acme' : n % 10 < 6 ? 'birch' : null;
    const identity = deriveIdentity(issuer, subject, PREFIXES[className]);
    const person = { ...{ n, subject, issuer, tenant, identity }, className };
    people.set(n, person);
    return person;
  }

  /** The login that a person holds; the same each time. */
  function loginOf(n) {
    const known = logins.get(n);
    if (known !== undefined) return known;
    const login = signLogin(personOf(n));
    logins.set(n, login);
    return login;
  }

  function signLogin({ issuer, subject, className, tenant }) {
    const isHmac = issuer === HMAC_ISSUER.issuer;
    const { claims } = HMAC_ISSUER;
    const header = isHmac ? { alg: 'HS256', typ: 'JWT' } : { alg: 'RS256', typ: 'JWT', kid: rsaIssuer.keyId };
    const audience = isHmac ? HMAC_ISSUER.audience : rsaIssuer.audience;
    const payload = {
      ...{ iss: issuer, aud: audience, sub: subject, ...times, [claims.class]: className },
      ...(tenant === null ? {} : { [claims.tenant]: tenant }),
    };
    const signed = `${encode(header)}.${encode(payload)}`;
    const signature = isHmac
      ? createHmac('sha256', HMAC_ISSUER.secret).update(signed).digest()
      : sign('sha256', Buffer.from(signed), key);
    return `${signed}.${signature.toString('base64url')}`;
  }

  return { personOf, loginOf };
}

function deriveIdentity(issuer, subject, prefix) {
  const digest = createHmac('sha256', IDENTITY_SECRET)
    .update(`${issuer.length}:${issuer}${subject}`)
    .digest();
  return `${prefix}${digest.toString('base64url').slice(0, OPAQUE_CHARACTERS)}`;
}

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
