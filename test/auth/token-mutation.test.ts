import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Authenticator } from '../../src/issue/ports.ts';
import { type LoopbackServer, startLoopbackServer } from './loopback-server.ts';
import { bearer, createSigner, issuerOptions, NOW_MS, serveKeys, trusting } from './token-kit.ts';

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

let provider: LoopbackServer;
let authenticator: Authenticator;
const tokens: string[] = [];

beforeAll(async () => {
  const signers = await Promise.all(['RS256', 'ES256', 'EdDSA'].map((alg) => createSigner(alg, alg)));
  provider = await startLoopbackServer(serveKeys(signers.map((each) => each.publicJwk)));
  authenticator = trusting(issuerOptions(provider.url));
  for (const signer of signers) tokens.push(await signer.sign(provider.url));
});

afterAll(() => provider.close());

/** The last character of a part may carry bits that no byte uses; only in the signature they are not signed. */
function sameSignature(one: string, other: string): boolean {
  const [header, payload, signature = ''] = one.split('.');
  const [otherHeader, otherPayload, otherSignature = ''] = other.split('.');
  const bytesEqual = Buffer.from(signature, 'base64url').equals(Buffer.from(otherSignature, 'base64url'));
  return header === otherHeader && payload === otherPayload && bytesEqual;
}

test('no token with one character changed says who is asking', async () => {
  await Promise.all(tokens.map((token) => authenticator.authenticate(bearer(token), NOW_MS)));
  for (const token of tokens) {
    expect(await authenticator.authenticate(bearer(token), NOW_MS)).toMatchObject({ subject: 'ada' });
  }
  await fc.assert(
    fc.asyncProperty(
      fc.nat(tokens.length - 1),
      fc.nat(),
      fc.oneof(fc.constantFrom(...BASE64URL), fc.string({ unit: 'binary', minLength: 0, maxLength: 1 })),
      async (which, where, replacement) => {
        const token = tokens[which] ?? '';
        const at = where % token.length;
        const mutated = token.slice(0, at) + replacement + token.slice(at + 1);
        fc.pre(mutated !== token && !sameSignature(mutated, token));
        const answer = await authenticator.authenticate(bearer(mutated), NOW_MS);
        expect(answer).toMatchObject({ outcome: 'refused' });
      },
    ),
    { numRuns: 1500 },
  );
});
