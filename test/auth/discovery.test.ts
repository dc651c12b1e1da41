import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Authenticator } from '../../src/issue/ports.ts';
import { answerJson, type LoopbackServer, startLoopbackServer } from './loopback-server.ts';
import {
  bearer,
  createSigner,
  issuerOptions,
  NOW_MS,
  type Signer,
  serveKeys,
  trusting,
} from './token-kit.ts';

const KNOWN = expect.objectContaining({ subject: 'ada' });

let signer: Signer;
let provider: LoopbackServer;
let authenticator: Authenticator;

beforeAll(async () => {
  signer = await createSigner('first');
});

beforeEach(async () => {
  provider = await startLoopbackServer(() => {});
});

afterEach(() => provider.close());

async function ask(issuer: string) {
  return authenticator.authenticate(bearer(await signer.sign(issuer)), NOW_MS);
}

const DISCOVERY = '/.well-known/openid-configuration';

function serveDiscovery(document: () => unknown, issuer = () => provider.url) {
  provider.handler = (request, response, body) => {
    if (request.url === DISCOVERY) return answerJson(response, document());
    serveKeys([signer.publicJwk])(request, response, body);
  };
  authenticator = trusting(issuerOptions(issuer(), { jwksUrl: null }));
}

test('discovery finds the keys', async () => {
  serveDiscovery(() => ({ issuer: provider.url, jwks_uri: `${provider.url}/keys` }));
  expect(await ask(provider.url)).toEqual(KNOWN);
  expect(provider.requests).toEqual([DISCOVERY, '/keys']);
});

test('discovery at an issuer whose name ends in a slash', async () => {
  const issuer = `${provider.url}/`;
  serveDiscovery(
    () => ({ issuer, jwks_uri: `${provider.url}/keys` }),
    () => issuer,
  );
  expect(await ask(issuer)).toEqual(KNOWN);
});

test.each([
  ['of another issuer', () => ({ issuer: 'https://other.example', jwks_uri: `${provider.url}/keys` })],
  ['with a slash too many', () => ({ issuer: `${provider.url}/`, jwks_uri: `${provider.url}/keys` })],
  ['without keys', () => ({ issuer: provider.url })],
  ['that is a list', () => []],
  ['pointing at a file', () => ({ issuer: provider.url, jwks_uri: 'file:///etc/passwd' })],
  [
    'pointing at plain http elsewhere',
    () => ({ issuer: provider.url, jwks_uri: 'http://169.254.169.254/keys' }),
  ],
  [
    'pointing at a host whose name looks like loopback',
    () => ({ issuer: provider.url, jwks_uri: 'http://127.0.0.1.example/k' }),
  ],
])('a discovery document %s is not used', async (_name, document) => {
  serveDiscovery(document);
  await expect(ask(provider.url)).rejects.toMatchObject({ code: 'identity-provider-unavailable' });
  expect(provider.requests).toEqual([DISCOVERY]);
});

test.each([
  ['https://login.example/', 'another issuer: "https://login.example/"'],
  ['line\nbreak', 'another issuer: "line\\nbreak"'],
  ['x'.repeat(9000), `another issuer: "${'x'.repeat(200)}"`],
  [undefined, 'another issuer: no text'],
])('the failure names the issuer of the document, %j', async (issuer, found) => {
  serveDiscovery(() => ({ issuer, jwks_uri: `${provider.url}/keys` }));
  await expect(ask(provider.url)).rejects.toThrow(found);
});
