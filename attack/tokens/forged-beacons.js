import { SIDS } from '../ground/gateway-settings.js';
import { signHmac } from '../tools/jwt.js';

const HEADER = { alg: 'HS256', typ: 'JWT', cty: 'twilio-fpa;v=1' };
const NOW = Math.floor(Date.now() / 1000);

/**
 * Tokens that no beacon may come with.
 *
 * @param {import('../ground/secrets.js').Secrets} secrets
 * @param {Record<string, any>} good claims of a token that may
 * @returns {[name: string, token: string][]}
 */
export function forgedBeacons(secrets, good) {
  const sign = ({ header = {}, claims = {}, secret = secrets.apiKeySecret, hash = 'sha256' }) =>
    signHmac({ ...HEADER, ...header }, { ...good, ...claims }, secret, hash);
  const chat = (grant) => ({ grants: { ...good.grants, chat: grant } });
  const identity = (name) => ({ grants: { ...good.grants, identity: name } });
  return [
    ['signed with nothing', sign({ secret: '' })],
    ['signed with the key id', sign({ secret: SIDS.key })],
    ['signed with the Auth Token', sign({ secret: secrets.authToken })],
    ['signed with the key for reads', sign({ secret: secrets.readApiKeySecret })],
    [
      'signed with the key for reads, in its name',
      sign({ secret: secrets.readApiKeySecret, claims: { iss: SIDS.readKey } }),
    ],
    ['signed with the key of another service', sign({ secret: secrets.secondApiKeySecret })],
    [
      'signed with the key of another service, in its name',
      sign({ secret: secrets.secondApiKeySecret, claims: { iss: SIDS.secondKey } }),
    ],
    ['in the name of the previous key', sign({ claims: { iss: SIDS.previousKey } })],
    ['of a service that its key is not for', sign({ claims: chat({ service_sid: SIDS.secondService }) })],
    ['of an account that its key is not of', sign({ claims: { sub: SIDS.secondAccount } })],
    ['of no account', sign({ claims: { sub: undefined } })],
    ['of no service', sign({ claims: chat({}) })],
    ['of a list of services', sign({ claims: chat({ service_sid: [SIDS.service] }) })],
    ['without grants', sign({ claims: { grants: undefined } })],
    ['with grants out of a prototype', sign({ claims: { grants: { constructor: {} } } })],
    ['of nobody', sign({ claims: identity('') })],
    ['of an object', sign({ claims: identity({ toString: 'x' }) })],
    ['of somebody with a line end', sign({ claims: identity('a\nb') })],
    ['of a name too long for Twilio', sign({ claims: identity('x'.repeat(2_000)) })],
    ['of key __proto__', sign({ claims: { iss: '__proto__' } })],
    ['of a list of keys', sign({ claims: { iss: [SIDS.key] } })],
    ['of no key', sign({ claims: { iss: undefined } })],
    ['that ended long ago', sign({ claims: { iat: NOW - 9_000, exp: NOW - 700 } })],
    ['of tomorrow', sign({ claims: { iat: NOW + 86_000, exp: NOW + 89_000 } })],
    ['for longer than Twilio takes', sign({ claims: { exp: good.iat + 86_401 } })],
    ['without an end', sign({ claims: { exp: undefined } })],
    ['without a beginning', sign({ claims: { iat: undefined } })],
    ['that ends at 1e308', sign({ claims: { exp: 1e308 } })],
    ['that began at -1', sign({ claims: { iat: -1 } })],
    ['that ends in words', sign({ claims: { exp: 'never' } })],
    ['that is not valid yet', sign({ claims: { nbf: NOW + 3_000 } })],
    [
      'with alg none',
      `${sign({ header: { alg: 'none' } })
        .split('.')
        .slice(0, 2)
        .join('.')}.`,
    ],
    ['with alg HS512', sign({ header: { alg: 'HS512' }, hash: 'sha512' })],
    ['with alg RS256', sign({ header: { alg: 'RS256' } })],
    ['with another type', sign({ header: { typ: 'at+jwt' } })],
    ['with another content type', sign({ header: { cty: 'JWT' } })],
    ['with a critical extension', sign({ header: { crit: ['b64'], b64: false } })],
    ['of two parts', sign({}).split('.').slice(0, 2).join('.')],
    ['of four parts', `${sign({})}.x`],
    ['nothing like a token', 'x'],
  ];
}
