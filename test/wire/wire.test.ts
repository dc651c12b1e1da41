import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { createDemoBearerSource, createDemoLogins } from '../../src/demo/demo-people.ts';
import { monthOf } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { type Gateway, wire } from '../../src/wire.ts';
import { type Given, loaded, MINIMAL } from '../config/support.ts';
import { budgetOf } from '../ledger/contract/builders.ts';
import { settableClock } from '../support/clock.ts';

const NOW = Date.parse('2026-11-20T21:00:00.123Z');
const LOGINS = createDemoLogins(() => 'random');
const [ADA] = LOGINS;

let gateway: Gateway;
let events: Record<string, unknown>[];

async function wired(given: Given = {}): Promise<Gateway> {
  const { settings } = loaded({ ...given, env: { ...MINIMAL, LEDGER_PATH: ':memory:', ...given.env } });
  const clock = settableClock(NOW);
  events = [];
  const destination = { write: (line: string) => void events.push(JSON.parse(line)) };
  const log = await createLogger({ level: 'debug', format: 'json', clock, destination });
  gateway = wire({
    settings,
    clock,
    log,
    version: '1.2.3',
    bearerSources: [createDemoBearerSource(LOGINS)],
  });
  return gateway;
}

function ask(token = ADA!.token, body: object = { intent: 'open_chat' }) {
  return request(gateway.app).post('/v1/tokens').set('Authorization', `Bearer ${token}`).send(body);
}

async function scrape(): Promise<string[]> {
  if (!gateway.metricsServer.http.listening) await gateway.metricsServer.listen(0, '127.0.0.1');
  const { text } = await request(gateway.metricsServer.http).get('/metrics');
  return text.split('\n');
}

/** The sum of a metric over all its labels that hold `label`. */
async function metric(name: string, label = ''): Promise<number> {
  return (await scrape())
    .filter((line) => line.startsWith(name) && line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

afterEach(() => gateway.server.drain());

describe('a wired gateway', () => {
  test('mints over HTTP, with the configured signature, and the mint is in the ledger', async () => {
    await wired({ env: { TOKEN_TTL_SECONDS: '600', TWILIO_REGION: 'ie1' } });

    const { status, body } = await ask();

    expect(status).toBe(200);
    expect(body).toMatchObject({
      serviceSid: MINIMAL['TWILIO_CONVERSATIONS_SERVICE_SID'],
      region: 'ie1',
      expiresAt: '2026-11-20T21:10:00Z',
      outcome: 'minted',
      firstThisMonth: true,
    });
    expect(body).not.toHaveProperty('demo');
    const { items } = await gateway.ledger.mints(DEFAULT_SERVICE, monthOf(NOW), { after: null, limit: 10 });
    expect(items).toEqual([expect.objectContaining({ ordinal: 1, identity: body.identity })]);
  });

  test('listens nowhere before it is told to, and closes its ledger when it is drained', async () => {
    const { server, metricsServer, ledger } = await wired();
    expect(server.http.listening).toBe(false);
    expect(metricsServer.http.listening).toBe(false);
    await server.drain();
    await expect(ledger.ping(DEFAULT_SERVICE)).rejects.toMatchObject({ code: 'ledger-unavailable' });
  });

  test('writes one event for each request of a token', async () => {
    await wired();
    await ask();
    await ask();
    await ask(ADA!.token, { intent: 'page_load' });
    await ask('demo-ada-guessed');
    expect(events.map(({ event, level }) => [event, level])).toEqual([
      ['token.minted', 'info'],
      ['token.reused', 'info'],
      ['token.refused', 'info'],
      ['token.refused', 'info'],
    ]);
  });

  test('counts each answer once in its metrics', async () => {
    await wired();
    await ask();
    await ask();
    await ask(ADA!.token, { intent: 'page_load' });
    await ask('demo-ada-guessed');

    expect(await metric('mauguard_tokens_minted_total', 'outcome="minted",kind="new"')).toBe(1);
    expect(await metric('mauguard_tokens_minted_total', 'outcome="reused"')).toBe(1);
    expect(await metric('mauguard_denied_total', 'lazy-connect-required')).toBe(1);
    expect(await metric('mauguard_denied_total', 'unauthenticated')).toBe(1);
    expect(await metric('http_server_request_duration_seconds_count', '/v1/tokens')).toBe(4);
  });

  // Prometheus sees no increase in a series that begins with its first event.
  test('shows at 0, from the start, what alerts wait for', async () => {
    await wired({
      env: { PAGER_URL: 'http://127.0.0.1:9/', EU_SECRET: 'signing-secret-of-the-other-service' },
      yaml: `
alerts: { targets: [{ name: pager, kind: slack, urlEnv: PAGER_URL }] }
services:
  eu:
    accountSid: AC${'4'.repeat(32)}
    serviceSid: IS${'4'.repeat(32)}
    apiKey: { sid: SK${'4'.repeat(32)}, secretEnv: EU_SECRET }
`,
    });
    expect(await scrape()).toEqual(
      expect.arrayContaining([
        'mauguard_ledger_data_lost_total{service="default"} 0',
        'mauguard_ledger_data_lost_total{service="eu"} 0',
        'mauguard_alert_deliveries_total{target="pager",result="given-up"} 0',
        'mauguard_journal_entries_total{result="set-aside"} 0',
        'mauguard_journal_entries_total{result="damaged"} 0',
        'mauguard_journal_entries_total{result="refused"} 0',
        'mauguard_denied_total{reason="ledger-unavailable"} 0',
        'mauguard_webhooks_total{event="unverified",outcome="bad-signature"} 0',
        'mauguard_webhooks_total{event="unverified",outcome="wrong-url"} 0',
      ]),
    );
  });

  test('shows in its metrics how full the month is', async () => {
    const { ledger } = await wired();
    await ledger.configureBudget(DEFAULT_SERVICE, monthOf(NOW), budgetOf({ scopes: { all: 7 } }));
    await ask();
    expect(await metric('mauguard_identities', 'service="default"')).toBe(1);
    expect(await metric('mauguard_budget_identities', 'service="default"')).toBe(7);
  });
});

test('says of an embedded ledger that it begins, once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mau-guard-wire-'));
  const path = join(folder, 'made', 'ledger.db');
  const beginnings = async () => {
    const { server } = await wired({ env: { LEDGER_PATH: path } });
    await server.drain();
    return events.filter(({ event }) => event === 'ledger.begun');
  };
  expect(await beginnings()).toMatchObject([{ level: 'info', path }]);
  expect(await beginnings()).toEqual([]);
  rmSync(folder, { recursive: true });
});

describe('the fingerprint of the identities', () => {
  const fingerprintWith = async (given: Given) => {
    const { identityFingerprint, server } = await wired(given);
    await server.drain();
    return identityFingerprint;
  };

  test('stays while identities do, and says nothing of the secret', async () => {
    const fingerprint = await fingerprintWith({});
    expect(fingerprint).toMatch(/^[0-9a-f]{32}$/);
    expect(await fingerprintWith({ env: { TOKEN_TTL_SECONDS: '600', COOKIE_SECRET: 'c'.repeat(40) } })).toBe(
      fingerprint,
    );
  });

  test.each<[string, Given]>([
    ['the secret', { env: { IDENTITY_SECRET: 'identity-secret-of-the-tests-0002' } }],
    ['the strategy', { yaml: 'identity: { strategy: claim }\n' }],
    ['the folding of case', { yaml: 'identity: { foldCase: true }\n' }],
  ])('is another one after a change of %s', async (_name, given) => {
    expect(await fingerprintWith(given)).not.toBe(await fingerprintWith({}));
  });
});
