import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { untilYes } from '../support/ask-redis.ts';
import { type GatewayProcess, runGateway, startGateway } from '../support/gateway-process.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { AUTH_TOKEN, signWebhook, webhookForm } from '../support/twilio-webhook.ts';
import { monthSummary } from './answers.ts';
import {
  configuredEnv,
  OPS_KEY,
  SHARED,
  SHARED_ISSUER_FILE,
  SIGNING,
  sharedIssuerFile,
} from './configured.ts';

const PUBLIC_URL = 'https://chat-tokens.example.com';
const PATH = '/v1/webhooks/twilio';
/** A second is promised; test machines are busy, and the gateway is a program of its own. */
const PATIENCE_MS = 3_000;

let folder: string;
let redis: RedisServer;
let gateway: GatewayProcess;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mau-guard-evidence-'));
  redis = await startRedisServer({ appendfsyncAlways: true });
});
afterEach(async () => {
  await gateway?.stop();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

function env() {
  return configuredEnv({
    [SHARED.variable]: SHARED.secret,
    ...{ REDIS_URL: redis.url, PUBLIC_URL, TWILIO_AUTH_TOKEN: AUTH_TOKEN },
    JOURNAL_PATH: join(folder, 'journal'),
  });
}

function start(): Promise<GatewayProcess> {
  return startGateway({
    env: env(),
    configFile: sharedIssuerFile(250),
  });
}

/** One person joins a conversation; answers the status, and asserts that it came in time. */
async function joins(person: string): Promise<number> {
  const form = webhookForm(SIGNING.accountSid, 'onParticipantAdded', {
    ...{ Identity: person, DateCreated: new Date().toISOString() },
  });
  const startedAt = performance.now();
  const response = await fetch(`${gateway.url}${PATH}`, {
    method: 'POST',
    headers: { 'X-Twilio-Signature': signWebhook(`${PUBLIC_URL}${PATH}`, form) },
    body: new URLSearchParams(form),
  });
  await response.arrayBuffer();
  expect(performance.now() - startedAt).toBeLessThan(PATIENCE_MS);
  return response.status;
}

/** What the ledger was late for comes by the journal, and is counted a moment later. */
async function untilTotal(wanted: number): Promise<void> {
  const total = async () => (await monthSummary(gateway.url, OPS_KEY)).identities.total;
  await untilYes(`${wanted} are counted`, async () => (await total()) >= wanted);
  expect(await total()).toBe(wanted);
}

test('evidence that was answered 200 while Redis was away is counted, also when the gateway dies meanwhile', async () => {
  gateway = await start();
  expect(await joins('before')).toBe(200);
  await untilTotal(1);

  redis.pause();
  const during = Array.from({ length: 40 }, (_, number) => `during-${number}`);
  for (let from = 0; from < during.length; from += 10) {
    const statuses = await Promise.all(during.slice(from, from + 10).map(joins));
    expect(new Set(statuses)).toEqual(new Set([200]));
  }
  await gateway.kill();
  expect(readFileSync(join(folder, 'journal'), 'utf8')).toContain('during-39');

  redis.resume();
  gateway = await start();
  await untilTotal(41);
  expect(await joins('after')).toBe(200);
  await untilTotal(42);
  // Replayed, it is emptied.
  const isEmpty = async () => readFileSync(join(folder, 'journal'), 'utf8') === 'mau-guard journal 1\n';
  await untilYes('the journal is emptied', isEmpty);
}, 60_000);

test('a journal that another gateway uses is a fault at start', async () => {
  gateway = await start();
  const { code, stderr } = await runGateway({ env: env(), configFile: SHARED_ISSUER_FILE });
  expect(code).toBe(2);
  expect(stderr).toContain('JOURNAL_PATH');
  expect(stderr).toContain('another gateway uses it');
}, 60_000);
