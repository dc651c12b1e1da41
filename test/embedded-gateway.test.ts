import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { createGateway, type EmbeddedGateway, GatewayConfigError } from '../src/index.ts';
import { configuredEnv, OPS_KEY, SHARED, SHARED_ISSUER_FILE, signShared } from './e2e/configured.ts';
import { untilYes } from './support/ask-redis.ts';

let folder: string;
const servers: Server[] = [];
let gateway: EmbeddedGateway | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mau-guard-embedded-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
  await gateway?.close();
  gateway = undefined;
  await rm(folder, { recursive: true });
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function configured(file: readonly string[] = []): Promise<Record<string, string>> {
  const configFile = join(folder, 'mau-guard.yaml');
  await writeFile(configFile, [SHARED_ISSUER_FILE, ...file].join('\n'));
  return configuredEnv({
    MAU_CONFIG_FILE: configFile,
    LEDGER: 'embedded',
    LEDGER_PATH: join(folder, 'ledger.db'),
    LOG_LEVEL: 'silent',
    [SHARED.variable]: SHARED.secret,
  });
}

async function askForToken(url: string): Promise<[status: number, body: unknown]> {
  const response = await fetch(`${url}/v1/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await signShared('ada')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ intent: 'open_chat' }),
  });
  return [response.status, await response.json()];
}

async function mint(url: string): Promise<void> {
  expect(await askForToken(url)).toEqual([200, expect.anything()]);
}

describe('createGateway', () => {
  it('mints, counts and tells its metrics inside an app of your own', async () => {
    gateway = await createGateway(await configured());
    const site = express();
    site.get('/hello', (_req, res) => void res.send('of the site'));
    site.use(gateway.app);
    const url = await serve(site);

    await mint(url);
    expect(await (await fetch(`${url}/hello`)).text()).toBe('of the site');
    const month = await fetch(`${url}/v1/months/current`, {
      headers: { authorization: `Bearer ${OPS_KEY}` },
    });
    expect(await month.json()).toMatchObject({ identities: { total: 1 } });
    const { contentType, text } = await gateway.readMetrics();
    expect(contentType).toContain('text/plain');
    expect(text).toMatch(/^http_server_request_duration_seconds_count\{.*"\/v1\/tokens".*"200"\} 1$/m);
    expect(text).toContain('http_route="/v1/months/{month}"');
  });

  it('says so when the body was read by somebody else, instead of waiting for it', async () => {
    gateway = await createGateway(await configured());
    const url = await serve(express().use(express.json(), gateway.app));
    expect(await askForToken(url)).toEqual([500, expect.objectContaining({ code: 'internal' })]);
    const erased = await fetch(`${url}/v1/erasures`, {
      method: 'POST',
      headers: { authorization: `Bearer ${OPS_KEY}`, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(erased.status).toBe(500);
  });

  it('works in the background, and ends that with close()', async () => {
    const alerts: string[] = [];
    const receiver = await serve((req, res) => {
      req.setEncoding('utf8').on('data', (text: string) => alerts.push(text));
      req.on('end', () => res.end('ok'));
    });
    const env = await configured(['alerts: { targets: [{ name: team, kind: slack, urlEnv: SLACK_URL }] }']);
    gateway = await createGateway({ ...env, SLACK_URL: receiver, MAU_BUDGET_IDENTITIES: '1' });
    const url = await serve(gateway.app);
    await mint(url);
    await untilYes('the alert arrives', async () => alerts.join('').includes('budget'));
    await gateway.close();
    await expect(fetch(`${url}/readyz`).then(({ status }) => status)).resolves.toBe(503);
  });

  it('names every fault at once, and leaves nothing open', async () => {
    const env = await configured();
    const faulty = createGateway({ ...env, TWILIO_API_KEY_SID: 'nonsense', OPS_API_KEYS: 'nonsense' });
    await expect(faulty).rejects.toThrow(GatewayConfigError);
    await expect(faulty).rejects.toMatchObject({ faults: [{}, {}] });

    gateway = await createGateway(env);
    await gateway.close();
    const other = createGateway({ ...env, IDENTITY_SECRET: `${env['IDENTITY_SECRET']}-other` });
    await expect(other).rejects.toMatchObject({ faults: [{ where: 'IDENTITY_SECRET' }] });
    gateway = await createGateway(env);
  });
});
