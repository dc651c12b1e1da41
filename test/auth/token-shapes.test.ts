import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Authenticator } from '../../src/issue/ports.ts';
import type { LoopbackServer } from './loopback-server.ts';
import {
  bearer,
  createSigner,
  encodePart,
  issuerOptions,
  NO_CREDENTIALS,
  NOW_MS,
  refusedFor,
  type Signer,
  startKeyServer,
  trusting,
} from './token-kit.ts';

let signer: Signer;
let provider: LoopbackServer;
let authenticator: Authenticator;

beforeAll(async () => {
  signer = await createSigner('key-1');
  provider = await startKeyServer(signer);
  authenticator = trusting(issuerOptions(provider.url));
});

afterAll(() => provider.close());

async function ask(token: string) {
  return authenticator.authenticate(bearer(token), NOW_MS);
}

const header = encodePart({ alg: 'RS256', kid: 'key-1' });
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

test.each([
  ['nothing', ''],
  ['one part', 'abc'],
  ['two parts', 'abc.def'],
  ['four parts', 'a.b.c.d'],
  ['five parts', 'a.b.c.d.e'],
  ['dots', '..'],
  ['not base64url', 'a+b/.c.d'],
  ['a header that is not JSON', `${encodePart('not json')}.${encodePart({})}.AAAA`],
  ['a header that is a list', `${encodePart([])}.${encodePart({})}.AAAA`],
  ['a header that is null', `${encodePart('null')}.${encodePart({})}.AAAA`],
  ['a header without an algorithm', `${encodePart({})}.${encodePart({ iss: 'x' })}.AAAA`],
  ['a payload that is text', `${header}.${encodePart('"text"')}.AAAA`],
  ['a payload that is a list', `${header}.${encodePart('[]')}.AAAA`],
  ['a payload that is not UTF-8', `${header}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.AAAA`],
  ['a deep payload', `${header}.${encodePart(`{"iss":"x","a":${nested(9)}}`)}.AAAA`],
  ['a very deep payload', `${header}.${encodePart(`{"a":${nested(2500)}}`)}.AAAA`],
  ['a deep header', `${encodePart(`{"alg":"RS256","a":${nested(9)}}`)}.${encodePart({})}.AAAA`],
  ['a key id that is no text', `${encodePart({ alg: 'RS256', kid: 7 })}.${encodePart({})}.AAAA`],
  ['an endless key id', `${encodePart({ alg: 'RS256', kid: 'k'.repeat(1025) })}.${encodePart({})}.AAAA`],
  ['a megabyte', 'a'.repeat(1 << 20)],
  ['a token of a megabyte', `${header}.${'a'.repeat(1 << 20)}.AAAA`],
  ['8193 characters', `${header}.${'a'.repeat(8193 - header.length - 6)}.AAAA`],
  ['control characters', `${header}\u0000.${encodePart({})}.AAAA`],
])('%s', async (_name, token) => {
  expect(await ask(token)).toEqual(refusedFor('malformed'));
});

test('the signature is not base64url of the right length', async () => {
  const token = await signer.sign(provider.url);
  const cut = token.slice(0, token.lastIndexOf('.') + 1);
  for (const signature of ['', 'A', 'AA', 'AAAA', 'A'.repeat(2000)]) {
    expect(await ask(cut + signature)).toMatchObject({ outcome: 'refused', code: 'unauthenticated' });
  }
});

test('the caller is never told what the token says', async () => {
  const answers = [
    await ask(await signer.sign(provider.url, { sub: 'secret-name\n' })),
    await ask(await signer.sign(provider.url, { aud: 'secret-name' })),
    await ask(await signer.sign('https://secret-name.example')),
  ];
  expect(JSON.stringify(answers)).not.toContain('secret-name');
});

test.each(['bearer', 'BEARER', 'bEaReR'])('the scheme may be spelled %s', async (scheme) => {
  const credentials = {
    ...NO_CREDENTIALS,
    authorization: `${scheme}  ${await signer.sign(provider.url)} `,
  };
  expect(await authenticator.authenticate(credentials, NOW_MS)).toMatchObject({ subject: 'ada' });
});
