import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Client } from '@twilio/conversations';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { plantSecrets } from '../support/planted-secrets.ts';
import { end, next } from './twilio-socket/support/sdk.ts';

const OPS_KEY = 'ops-key-of-the-demo-restart';

let cwd: string;
let gateway: GatewayProcess | undefined;

beforeEach(() => {
  plantSecrets({ OPS_KEY });
  cwd = mkdtempSync(join(tmpdir(), 'mau-guard-demo-restart-'));
});
afterEach(async () => {
  await gateway?.stop();
  rmSync(cwd, { recursive: true, force: true });
});

async function start(): Promise<GatewayProcess> {
  await gateway?.stop();
  const sha256 = createHash('sha256').update(OPS_KEY).digest('hex');
  gateway = await startGateway({ cwd, env: { OPS_API_KEYS: `me:admin:${sha256}` } });
  return gateway;
}

async function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${gateway?.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** A visitor of the second shop opens the chat, as its page does. */
async function openChat(): Promise<void> {
  const asked = await fetch(`${gateway?.url}/demo/shops/lazy/visitor`);
  const { socketUrl, login } = (await asked.json()) as { socketUrl: string; login: string };
  const answer = await post('/v1/tokens', { intent: 'open_chat' }, { authorization: `Bearer ${login}` });
  const { token } = (await answer.json()) as { token: string };
  const client = new Client(token, { Twilsock: { uri: socketUrl } });
  await next(client, 'initialized');
  expect((await post('/v1/beacons', { token, state: 'connected' })).status).toBe(204);
  await end(client);
}

async function reconcile(): Promise<unknown> {
  const authorization = `Bearer ${OPS_KEY}`;
  const answer = await post('/v1/months/current/reconciliation?people=true', {}, { authorization });
  return answer.json();
}

test('ledger and Twilio agree after a new start as they did before', async () => {
  await start();
  for (let visitor = 0; visitor < 2; visitor++) await openChat();
  const agreed = { twilio: { count: 2 }, gap: 0, people: { onlyInLedger: 0, onlyAtTwilio: 0 } };
  expect(await reconcile()).toMatchObject(agreed);

  await start();
  expect(await reconcile()).toMatchObject(agreed);
  await openChat();
  expect(await reconcile()).toMatchObject({ ...agreed, twilio: { count: 3 } });
  const state = (await (await fetch(`${gateway?.url}/demo/state`)).json()) as { lazy: object };
  expect(state.lazy).toMatchObject({ visitors: 0, billed: 1 });
});
