import { webcrypto } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CryptoKey, errors, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { rs256KeyFor, verifyRs256 } from '../../src/auth/rs256.ts';
import { readUnverifiedJwt } from '../../src/auth/unverified-jwt.ts';

const NOW_S = 1_795_000_000;
const CHECKS = {
  issuer: 'https://issuer.example',
  audience: ['chat'],
  algorithms: ['RS256'],
  clockTolerance: 5,
  requiredClaims: ['exp'],
  currentDate: new Date(NOW_S * 1000),
};
const CLAIMS = { iss: 'https://issuer.example', aud: 'chat', sub: 'ada', iat: NOW_S, exp: NOW_S + 600 };

let publicKey: CryptoKey;
let privateKey: CryptoKey;

beforeAll(async () => {
  ({ publicKey, privateKey } = await generateKeyPair('RS256'));
});

const sign = (claims: object, key = privateKey, header: object = {}) =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'k', ...header }).sign(key);

/** What jose says of a token: its claims, or the code of its objection. */
async function judgeByJose(token: string): Promise<unknown> {
  try {
    return (await jwtVerify(token, publicKey, CHECKS)).payload;
  } catch (error) {
    return error instanceof errors.JOSEError ? error.code : String(error);
  }
}

/** The same by our way, jose's own answer where the token is left to it. */
async function judgeHere(token: string): Promise<unknown> {
  const jwt = readUnverifiedJwt(token);
  const key = jwt === null ? null : rs256KeyFor(token, jwt, publicKey);
  if (key === null) return judgeByJose(token);
  try {
    return verifyRs256(token, key, CHECKS) ?? 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED';
  } catch (error) {
    return error instanceof errors.JOSEError ? error.code : String(error);
  }
}

describe('RS256 on this thread', () => {
  it('takes the plain token', async () => {
    const token = await sign(CLAIMS);
    const jwt = readUnverifiedJwt(token);
    expect(jwt && rs256KeyFor(token, jwt, publicKey)).not.toBeNull();
    expect(await judgeHere(token)).toEqual(CLAIMS);
  });

  it.each([
    ['expired', { ...CLAIMS, exp: NOW_S - 6 }],
    ['expired within the tolerance', { ...CLAIMS, exp: NOW_S - 4 }],
    ['not yet valid', { ...CLAIMS, nbf: NOW_S + 60 }],
    ['for another audience', { ...CLAIMS, aud: ['mail'] }],
    ['for several audiences', { ...CLAIMS, aud: ['mail', 'chat'] }],
    ['of another issuer', { ...CLAIMS, iss: 'https://other.example' }],
    ['without exp', { ...CLAIMS, exp: undefined }],
    ['with a text as exp', { ...CLAIMS, exp: 'soon' }],
  ])('judges a token %s as jose does', async (_name, claims) => {
    const token = await sign(JSON.parse(JSON.stringify(claims)));
    expect(await judgeHere(token)).toEqual(await judgeByJose(token));
  });

  it('accepts of all mutations of a token those that jose accepts, with the same claims', async () => {
    const tokens = [await sign(CLAIMS), await sign({ ...CLAIMS, exp: NOW_S - 60 })];
    const piece = fc.string({ unit: fc.constantFrom(...'AQgw_-.=+ \n\u00e9'), maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.nat(1), fc.nat(), fc.nat(3), piece, async (which, where, cut, inserted) => {
        const token = tokens[which] ?? '';
        const at = where % (token.length + 1);
        const mutated = token.slice(0, at) + inserted + token.slice(at + cut);
        // Of a token with several faults another one may be named.
        const accepted = (verdict: unknown) => (typeof verdict === 'string' ? 'refused' : verdict);
        expect(accepted(await judgeHere(mutated))).toEqual(accepted(await judgeByJose(mutated)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not take the signature of another key', async () => {
    const { privateKey: foreign } = await generateKeyPair('RS256');
    expect(await judgeHere(await sign(CLAIMS, foreign))).toBe('ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
  });

  it('leaves to jose what is not plain RS256 under a key that is big enough', async () => {
    const pss = await generateKeyPair('PS256');
    const small = (await webcrypto.subtle.generateKey(
      {
        ...{ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
        ...{ modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]) },
      },
      false,
      ['sign', 'verify'],
    )) as { publicKey: CryptoKey };
    const token = await sign(CLAIMS);
    const plain = { header: { alg: 'RS256', kid: 'k' }, critical: false, issuer: CLAIMS.iss };
    expect(rs256KeyFor(token, plain, pss.publicKey)).toBeNull();
    expect(rs256KeyFor(token, plain, small.publicKey)).toBeNull();
    expect(rs256KeyFor(token, plain, privateKey)).toBeNull();
    expect(rs256KeyFor(token, { ...plain, critical: true }, publicKey)).toBeNull();
    expect(rs256KeyFor(token, { ...plain, header: { alg: 'PS256' } }, publicKey)).toBeNull();
    expect(rs256KeyFor(`${token}=`, plain, publicKey)).toBeNull();
  });
});
