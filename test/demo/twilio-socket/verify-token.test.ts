import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { verifyToken } from '../../../src/demo/twilio/socket/verify-token.ts';
import {
  ACCOUNT_SID,
  KEY_SECRET,
  KEY_SID,
  SERVICE_SID,
  signClaims,
  signToken,
} from './support/fake-account.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const SECONDS = NOW / 1000;
const HEADER = { alg: 'HS256', typ: 'JWT', cty: 'twilio-fpa;v=1' };
const GRANTS = { identity: 'ada', chat: { service_sid: SERVICE_SID } };
const CLAIMS = { iss: KEY_SID, sub: ACCOUNT_SID, iat: SECONDS, exp: SECONDS + 3600, grants: GRANTS };
const AUTHORITY = {
  accountSid: ACCOUNT_SID,
  services: new Set([SERVICE_SID]),
  apiKeys: new Map([[KEY_SID, KEY_SECRET]]),
};

const codeOf = (token: unknown) => {
  const verdict = verifyToken(token, AUTHORITY, NOW);
  return verdict.ok ? verdict.grant : verdict.refusal.code;
};
const signed = (claims: object, header: object = {}) =>
  signClaims({ ...CLAIMS, ...claims }, { ...HEADER, ...header });

describe('verifyToken', () => {
  it('takes what twilio-node signs', () => {
    const verdict = verifyToken(signToken({ identity: 'grace' }), AUTHORITY, Date.now());
    expect(verdict).toMatchObject({ ok: true, grant: { serviceSid: SERVICE_SID, identity: 'grace' } });
  });

  it('takes a good token, with its end', () => {
    const grant = { serviceSid: SERVICE_SID, identity: 'ada', expiresAt: NOW + 3_600_000 };
    expect(codeOf(signed({}))).toEqual(grant);
    expect(codeOf(signed({}, { twr: 'ie1' }))).toEqual(grant);
    expect(codeOf(signed({ exp: SECONDS + 86_400 }))).toMatchObject({ identity: 'ada' });
  });

  it.each([
    ['no token', undefined, 20101],
    ['no JWT', 'hello', 20101],
    ['a fourth part', `${signed({})}.x`, 20101],
    ['another algorithm', signed({}, { alg: 'HS512' }), 20101],
    ['no algorithm', signed({}, { alg: 'none' }), 20101],
    ['another type', signed({}, { typ: 'at+jwt' }), 20101],
    ['another content type', signed({}, { cty: 'twilio-fpa;v=2' }), 20101],
    ['no issuer', signed({ iss: undefined }), 20103],
    ['the account as its issuer', signed({ iss: ACCOUNT_SID }), 20103],
    ['no subject', signed({ sub: undefined }), 20103],
    ['no end', signed({ exp: undefined }), 20104],
    ['an end in words', signed({ exp: '2027' }), 20104],
    ['an end that is now', signed({ exp: SECONDS }), 20104],
    ['a life of a day and a second', signed({ exp: SECONDS + 86_401 }), 20157],
    ['no beginning, and an end after tomorrow', signed({ iat: undefined, exp: SECONDS + 86_401 }), 20157],
    ['a beginning in words', signed({ iat: 'now' }), 20101],
    ['a beginning in a minute', signed({ iat: SECONDS + 60 }), 20105],
    ['no grants', signed({ grants: undefined }), 20106],
    ['grants in words', signed({ grants: 'all' }), 20106],
    ['no identity', signed({ grants: { chat: GRANTS.chat } }), 51007],
    ['an identity that is no text', signed({ grants: { ...GRANTS, identity: 42 } }), 51007],
    ['no chat', signed({ grants: { identity: 'ada' } }), 51007],
    ['no service', signed({ grants: { identity: 'ada', chat: {} } }), 51007],
  ])('refuses a token with %s', (_what, token, code) => {
    expect(codeOf(token)).toBe(code);
  });

  it('never takes a token of which a letter was changed', () => {
    const token = signed({});
    const letters = fc.integer({ min: 0, max: token.length - 1 });
    const others = fc.constantFrom(...'ABCXYZabcxyz0189-_.');
    fc.assert(
      fc.property(letters, others, (at, letter) => {
        // The last letter of a signature of 32 bytes holds two bits that say nothing.
        fc.pre(token[at] !== letter && at !== token.length - 1);
        expect(verifyToken(token.slice(0, at) + letter + token.slice(at + 1), AUTHORITY, NOW).ok).toBe(false);
      }),
    );
  });
});
