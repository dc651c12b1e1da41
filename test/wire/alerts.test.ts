import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import request from 'supertest';
import { createLogger } from '../../src/telemetry/logger.ts';
import { type Gateway, wire } from '../../src/wire.ts';
import { fireAlerts, NOW } from '../alerts/fire-alerts.ts';
import { loaded, MINIMAL } from '../config/support.ts';
import { type LoopbackTarget, startLoopbackTarget } from '../notify/loopback-target.ts';
import { settableClock } from '../support/clock.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const YAML = `
alerts:
  pollSeconds: 1
  targets:
    - { name: pager, kind: webhook, urlEnv: PAGER_URL, secretEnv: PAGER_SECRET, timeoutMs: 1000 }
    - { name: channel, kind: slack, urlEnv: SLACK_URL }
`;

let gateway: Gateway;
let lines: string[];
let pager: LoopbackTarget;
let slack: LoopbackTarget;

beforeEach(async () => {
  [pager, slack] = [await startLoopbackTarget(), await startLoopbackTarget()];
  const { settings } = loaded({
    env: {
      ...MINIMAL,
      ...{ LEDGER_PATH: ':memory:', PUBLIC_URL: 'https://gateway.example' },
      ...{ PAGER_URL: pager.url, PAGER_SECRET: SECRET, SLACK_URL: slack.url },
    },
    yaml: YAML,
  });
  lines = [];
  const clock = settableClock(NOW + 20_000);
  const destination = { write: (line: string) => void lines.push(line) };
  const log = await createLogger({ level: 'debug', format: 'json', clock, destination });
  gateway = wire({ settings, clock, log, version: '1.2.3' });
});
afterEach(async () => {
  await gateway.server.drain();
  await Promise.all([pager.close(), slack.close()]);
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('it did not come to pass');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a listening gateway', () => {
  test('sends alerts to every target, signed or in words, and tells neither address nor secret to its log', async () => {
    await fireAlerts(gateway.ledger, 2);
    await gateway.server.listen(0, '127.0.0.1');
    await until(() => pager.received.length === 2 && slack.received.length === 2);

    for (const { body, headers } of pager.received) {
      // The receiver's clock is the real one, so only the signature is checked here.
      const id = String(headers['webhook-id']);
      const at = new Date(Number(headers['webhook-timestamp']) * 1000);
      expect(headers['webhook-signature']).toBe(new Webhook(SECRET).sign(id, at, body));
      expect(JSON.parse(body)).toMatchObject({ type: 'mau.budget.threshold', data: { service: 'default' } });
    }
    expect(JSON.parse(slack.received[0]!.body).text).toContain('default: budget for 2026-11');
    expect(slack.received[0]!.body).toContain('https://gateway.example/ops');

    await until(() => lines.filter((line) => line.includes('alert.attempt')).length === 4);
    const log = lines.join('');
    expect(log).not.toMatch(/secret-part|127\.0\.0\.1|whsec_/);
    await gateway.metricsServer.listen(0, '127.0.0.1');
    const { text } = await request(gateway.metricsServer.http).get('/metrics');
    expect(text).toContain('mauguard_alert_deliveries_total{target="pager",result="delivered"} 2');
    expect(text).toContain('mauguard_alert_deliveries_pending{service="default"} 0');
  });

  test('sends nothing before it listens, and stops in order while a target hangs', async () => {
    pager.answer = 'hang';
    await fireAlerts(gateway.ledger, 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(pager.received).toHaveLength(0);

    await gateway.server.listen(0, '127.0.0.1');
    await until(() => pager.received.length === 1);
    const begun = performance.now();
    await gateway.server.drain();
    expect(performance.now() - begun).toBeLessThan(5_000);
    await until(() => lines.some((line) => line.includes('"target":"pager"')));
  });
});
