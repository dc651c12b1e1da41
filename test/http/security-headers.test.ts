import { expect, test } from '@jest/globals';
import request, { type Response } from 'supertest';
import { captureHeaders } from '../../src/http/security-headers.ts';
import { buildApp, ISSUED } from './build-app.ts';

const POLICY =
  "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self';" +
  "base-uri 'none';form-action 'self';frame-ancestors 'none'";

/** What differs from answer to answer, or belongs to HTTP itself. */
const PER_ANSWER = new Set([
  'content-length',
  'content-type',
  'date',
  'x-request-id',
  'connection',
  'allow',
  'vary',
]);

function fixedHeaders(response: Response): Record<string, string> {
  return Object.fromEntries(Object.entries(response.headers).filter(([name]) => !PER_ANSWER.has(name)));
}

test('the token route has the headers of every other route, on success and on refusal', async () => {
  const { app } = await buildApp(ISSUED);

  const others = await Promise.all([
    request(app).get('/livez'),
    request(app).get('/nothing'),
    request(app).get('/v1/nothing'),
  ]);
  const tokens = await Promise.all([
    request(app).post('/v1/tokens').send({ intent: 'open_chat' }),
    request(app).post('/v1/tokens').send({}),
    request(app).get('/v1/tokens'),
  ]);

  const [expected] = others.map(fixedHeaders);
  for (const response of [...others, ...tokens]) expect(fixedHeaders(response)).toEqual(expected);
  expect(Object.keys(expected ?? {})).toHaveLength(13);
});

test('the policy lets a page load nothing of others and nothing inline', async () => {
  const { app } = await buildApp(ISSUED);
  const { headers } = await request(app).post('/v1/tokens').send({ intent: 'open_chat' });
  expect(headers).toMatchObject({
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'strict-transport-security': expect.stringContaining('max-age='),
    'referrer-policy': 'no-referrer',
  });
  expect(JSON.stringify(headers)).not.toContain('unsafe');
});

test('captureHeaders leaves out what the middleware takes back', () => {
  const headers = captureHeaders((_req, res, next) => {
    res.setHeader('X-A', '1');
    res.setHeader('X-B', '2');
    res.removeHeader('X-A');
    next();
  });
  expect(headers).toEqual(['X-B', '2']);
});
