import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createOpsOidc } from '../../src/auth/ops-oidc.ts';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { type LoopbackServer, startLoopbackServer } from '../auth/loopback-server.ts';
import { type GivenAnswer, hostileAnswer, hostileMember } from './hostile-answers.ts';

// What the provider answers at which operators sign in, read by openid-client: nobody is signed in by anything but a
// signed word, and whatever it is, it ends in a refusal or in the one failure that says who is away.

const CALLBACK = 'https://gateway.example/ops/login/callback';
const RUNS = { numRuns: 150 };
const METADATA = [
  ...[
    'issuer',
    'authorization_endpoint',
    'token_endpoint',
    'jwks_uri',
    'userinfo_endpoint',
    'scopes_supported',
  ],
  ...[
    'response_types_supported',
    'id_token_signing_alg_values_supported',
    'code_challenge_methods_supported',
  ],
];
const TOKENS = ['access_token', 'token_type', 'id_token', 'expires_in', 'refresh_token', 'scope', 'error'];

let provider: LoopbackServer;
let metadata: GivenAnswer;
let tokens: GivenAnswer;
beforeAll(async () => {
  provider = await startLoopbackServer((request, response) => {
    const isDiscovery = request.url?.includes('openid-configuration') === true;
    const { status, text } = isDiscovery ? metadata : tokens;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end([204, 304].includes(status) ? undefined : text);
  });
});
afterAll(() => provider.close());

const options = () => ({
  ...{ issuer: provider.url, clientId: 'ops', clientSecret: 'secret-of-the-client', nameClaim: 'email' },
  ...{ roleClaim: 'roles', roles: { viewer: ['v'], finance: [], admin: ['a'] }, scopes: ['openid'] },
  timeoutMs: 1_000,
});

/** Good metadata but for some members. */
function buildMetadata(changes: Readonly<Record<string, unknown>>): GivenAnswer {
  const { url } = provider;
  const good = {
    issuer: url,
    authorization_endpoint: `${url}/a`,
    token_endpoint: `${url}/t`,
    jwks_uri: `${url}/k`,
  };
  return { status: 200, text: JSON.stringify({ ...good, ...changes }) };
}

function expectAway(error: unknown): void {
  expect(error).toBeInstanceOf(GatewayError);
  expect(error).toMatchObject({ code: 'identity-provider-unavailable' });
}

test('a sign-in begins at an address of the web, or the provider is away', async () => {
  const changes = fc.dictionary(fc.constantFrom(...METADATA), hostileMember, { maxKeys: 3 });
  const given = fc.oneof(
    changes.map((some) => () => buildMetadata(some)),
    hostileAnswer(METADATA).map((any) => () => any),
  );
  await fc.assert(
    fc.asyncProperty(given, async (build) => {
      metadata = build();
      try {
        const { url } = await createOpsOidc(options()).begin(CALLBACK);
        expect(['http:', 'https:']).toContain(new URL(url).protocol);
      } catch (error) {
        expectAway(error);
      }
    }),
    RUNS,
  );
}, 60_000);

test('a sign-in ends without anybody signed in, whatever the tokens are that nobody signed', async () => {
  const idToken = fc
    .tuple(
      fc.jsonValue({ maxDepth: 1 }),
      fc.dictionary(fc.constantFrom('iss', 'aud', 'nonce', 'exp', 'roles'), hostileMember),
    )
    .map((parts) =>
      [...parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')), 'c2ln'].join('.'),
    );
  const near = fc
    .tuple(idToken, fc.dictionary(fc.constantFrom(...TOKENS), hostileMember, { maxKeys: 2 }))
    .map(([id_token, changes]) => ({ access_token: 'x', token_type: 'bearer', id_token, ...changes }))
    .map((value) => ({ status: 200, text: JSON.stringify(value) }));
  await fc.assert(
    fc.asyncProperty(fc.oneof(near, hostileAnswer(TOKENS)), fc.boolean(), async (given, isOurs) => {
      metadata = buildMetadata({});
      tokens = given;
      const oidc = createOpsOidc(options());
      const { url, attempt } = await oidc.begin(CALLBACK);
      const state = isOurs ? (new URL(url).searchParams.get('state') ?? '') : 'another';
      try {
        const answer = await oidc.finish(new URL(`${CALLBACK}?code=c&state=${state}`), attempt);
        expect(answer.outcome).toBe('rejected');
      } catch (error) {
        expectAway(error);
      }
    }),
    RUNS,
  );
}, 60_000);
