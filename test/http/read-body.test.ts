import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, it } from '@jest/globals';
import { collectBody } from '../../src/http/read-body.ts';

function requestOf(headers: Record<string, string> = {}) {
  const stream = new PassThrough();
  return Object.assign(stream, { headers }) as unknown as PassThrough & IncomingMessage;
}

it('puts the pieces together', async () => {
  const request = requestOf();
  const body = collectBody(request, 6);
  request.write('abc');
  request.end('def');
  expect(String(await body)).toBe('abcdef');
});

it.each([
  ['says so', { 'content-length': '7' }],
  ['does not say so', {}],
])('refuses one that is too large, when it %s', async (_what, headers) => {
  const request = requestOf(headers);
  const body = collectBody(request, 6);
  request.write('abcd');
  request.write('efg');
  expect(await body).toMatchObject({ code: 'payload-too-large' });
  request.destroy();
});

it('settles when the client goes away', async () => {
  const request = requestOf();
  const body = collectBody(request, 6);
  request.write('abc');
  request.destroy();
  expect(await body).toMatchObject({ code: 'invalid-request' });
});

it.each([
  ['small pieces of a small body', 256, 1, 'whole'],
  ['many pieces of the size of packets', 3_000, 536, 'whole'],
  ['more crumbs than any client sends', 257, 1, 'payload-too-large'],
  ['more small pieces than any client sends', 300, 63, 'payload-too-large'],
])('takes or refuses %s', async (_what, pieces, bytes, outcome) => {
  const request = requestOf();
  const body = collectBody(request, 2_000_000);
  for (let piece = 0; piece < pieces; piece++) request.write('x'.repeat(bytes));
  request.end();
  const read = await body;
  if (outcome === 'whole') expect(read).toHaveLength(pieces * bytes);
  else expect(read).toMatchObject({ code: outcome, closes: true });
});
