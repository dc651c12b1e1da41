import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, it } from '@jest/globals';
import { collectBody } from '../../src/http/collect-body.ts';

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
