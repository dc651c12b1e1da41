import { describe, expect, test } from '@jest/globals';
import express from 'express';
import request from 'supertest';
import { refused } from '../../src/domain/refusal.ts';
import { buildApp, ISSUED } from './build-app.ts';

const LISTED = 'https://app.example';
const BODY = { intent: 'open_chat' };
const PERMISSIONS = [
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-expose-headers',
  'access-control-allow-methods',
  'access-control-allow-headers',
];

async function build() {
  const months = express.Router();
  months.get('/', (_req, res) => void res.vary('Accept').json({ months: [] }));
  return (await buildApp(ISSUED, { months })).app;
}

describe('answers', () => {
  test('to a listed origin name it, allow cookies and expose the headers of the contract, on both paths', async () => {
    const app = await build();
    const answers = await Promise.all([
      request(app).post('/v1/tokens').set('Origin', LISTED).send(BODY),
      request(app).post('/v1/tokens').set('Origin', LISTED).send({}),
      request(app).get('/v1/months').set('Origin', LISTED),
      request(app).get('/v1/nothing').set('Origin', LISTED),
    ]);
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'access-control-allow-origin': LISTED,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers':
          'ETag, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id, X-Demo',
      });
      expect(headers['vary']).toMatch(/^Origin\b/);
    }
  });

  test.each([
    'https://evil.example',
    'https://app.example.evil',
    'https://app.example:8443',
    'http://app.example',
    'HTTPS://APP.EXAMPLE',
    'https://gateway.example',
    'null',
    '*',
    '__proto__',
  ])('to %s allow nothing, but vary', async (origin) => {
    const app = await build();
    for (const call of [request(app).post('/v1/tokens').send(BODY), request(app).get('/v1/months')]) {
      const { headers } = await call.set('Origin', origin);
      for (const name of PERMISSIONS) expect(headers).not.toHaveProperty(name);
      expect(headers['vary']).toMatch(/^Origin\b/);
    }
  });

  test('without an Origin vary, too', async () => {
    const app = await build();
    expect((await request(app).post('/v1/tokens').send(BODY)).headers['vary']).toBe('Origin');
    expect((await request(app).get('/v1/months')).headers['vary']).toBe('Origin, Accept');
  });

  test('a refusal can be read by the frontend it is for', async () => {
    const { app } = await buildApp(refused('identity-blocked', { detail: 'Blocked.' }));
    const { headers, status } = await request(app).post('/v1/tokens').set('Origin', LISTED).send(BODY);
    expect([status, headers['access-control-allow-origin']]).toEqual([403, LISTED]);
  });

  test('outside /v1 nothing is for other origins', async () => {
    const { headers } = await request(await build())
      .get('/livez')
      .set('Origin', LISTED);
    for (const name of [...PERMISSIONS, 'vary']) expect(headers).not.toHaveProperty(name);
  });
});

describe('preflights', () => {
  const preflight = async (path: string, origin: string) =>
    request(await build())
      .options(path)
      .set('Origin', origin)
      .set('Access-Control-Request-Method', 'POST')
      .set('Access-Control-Request-Headers', 'authorization,content-type');

  test.each([
    ['/v1/tokens', 'POST, OPTIONS'],
    ['/v1/months', 'GET, HEAD, OPTIONS'],
  ])('%s: 204 and the permission for a listed origin', async (path, methods) => {
    const { status, headers, text } = await preflight(path, LISTED);
    expect([status, text]).toEqual([204, '']);
    expect(headers).toMatchObject({
      'access-control-allow-origin': LISTED,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': methods,
      'access-control-allow-headers': 'Authorization, Content-Type, If-None-Match, X-Request-Id',
      'access-control-max-age': '7200',
      vary: 'Origin',
      allow: methods,
    });
  });

  test('204 without permission for any other', async () => {
    const { status, headers } = await preflight('/v1/tokens', 'https://evil.example');
    expect(status).toBe(204);
    for (const name of PERMISSIONS) expect(headers).not.toHaveProperty(name);
    expect(headers['vary']).toBe('Origin');
  });

  test('404 for an address that is none', async () => {
    expect((await preflight('/v1/nothing', LISTED)).status).toBe(404);
  });

  test('an OPTIONS outside /v1 tells the methods and permits nobody', async () => {
    const { status, headers } = await preflight('/livez', LISTED);
    expect([status, headers['allow']]).toEqual([204, 'GET, HEAD, OPTIONS']);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });
});
