import { createHmac } from 'node:crypto';

/** Whose logins the gateways of a race accept: signed with a shared secret, so that signing them takes no time. */
export const ISSUER = {
  issuer: 'https://logins.race.example',
  audience: 'race',
  secret: 'secret-of-the-logins-of-a-race-0123456789',
  claims: { class: 'kind', tenant: 'team' },
};

const LOGIN_SECONDS = 3_600;

/**
 * @typedef {object} Person
 * @property {string} subject
 * @property {string} className
 * @property {string | null} tenant
 */

/**
 * The n-th of the people who race. They are of three classes and some of two tenants, spread evenly over the numbers
 * but in no order, so that every limit is run into at about the same time.
 *
 * @param {number} n from 0
 * @returns {Person}
 */
export function personOf(n) {
  // Two different odd strides over a hundred places: each class meets each tenant in the same proportions.
  const classPlace = (n * 37) % 100;
  const tenantPlace = (Math.floor(n / 100) * 61 + n * 73) % 100;
  return {
    subject: `person-${n}`,
    className: classPlace < 3 ? 'agent' : classPlace < 50 ? 'guest' : 'member',
    tenant: tenantPlace < 30 ? 'acme' : tenantPlace < 60 ? 'birch' : null,
  };
}

/** Base64url of a JWT's header, which is the same for everybody. */
const HEADER = encode({ alg: 'HS256', typ: 'JWT' });

/**
 * The login of a person, good for an hour.
 *
 * @param {Person} person
 */
export function signLogin({ subject, className, tenant }) {
  const iat = Math.floor(Date.now() / 1000);
  const { issuer, audience, secret, claims } = ISSUER;
  const payload = encode({
    ...{ iss: issuer, aud: audience, sub: subject, iat, exp: iat + LOGIN_SECONDS },
    [claims.class]: className,
    ...(tenant === null ? {} : { [claims.tenant]: tenant }),
  });
  const signature = createHmac('sha256', secret).update(`${HEADER}.${payload}`).digest('base64url');
  return `${HEADER}.${payload}.${signature}`;
}

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
