import { afterAll, expect, test } from '@jest/globals';
import express from 'express';
import supertest from 'supertest';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { buildApp, ISSUED } from '../../http/build-app.ts';
import { settableClock } from '../clock.ts';
import { startGateway } from '../gateway-process.ts';
import { plantSecrets } from '../planted-secrets.ts';

// Not a test of its own: `environment.test.ts` runs it and expects that it fails, though each of its tests passes.

const LOGIN = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.${'s1gnature'.repeat(5)}`;
const SECRETS = {
  TWILIO_API_KEY_SECRET: 'a-secret-to-be-found',
  COOKIE_SECRET: 'another-to-be-found',
  REDIS_PASSWORD: 'a-password-to-be-found',
};

const router = express
  .Router()
  .get('/body', (_req, res) => void res.json({ secret: SECRETS.TWILIO_API_KEY_SECRET }))
  .get('/header', (_req, res) => void res.set('X-Secret', SECRETS.COOKIE_SECRET).end())
  .get('/error', () => {
    throw new Error(`cannot reach redis://:${SECRETS.REDIS_PASSWORD}@127.0.0.1`);
  })
  .get('/token', (_req, res) => void res.json({ token: LOGIN }));

test('answers and lines that leak', async () => {
  const { app } = await buildApp(ISSUED, { extra: [['/leaks', router]] });
  const ask = async (path: string) => (await supertest(app).get(`/leaks/${path}`)).status;
  expect(await ask('body')).toBe(200);
  expect(await ask('header')).toBe(200);
  expect(await ask('error')).toBe(500);
  expect(await ask('token')).toBe(200);
  plantSecrets(SECRETS);
});

test('a gateway in another process', async () => {
  // Words that it says to everybody pass for secrets of its own.
  const env = { PRINTED_SECRET: 'gateway.started', ANSWERED_SECRET: 'application/problem+json' };
  const gateway = await startGateway({ env });
  await (await fetch(`${gateway.url}/nowhere`)).text();
  await gateway.stop();
});

afterAll(async () => {
  const destination = { write: () => {} };
  const { logger } = await createLogger({
    level: 'info',
    format: 'json',
    clock: settableClock(0),
    destination,
  });
  logger.info({ event: 'the.end', note: LOGIN });
});
