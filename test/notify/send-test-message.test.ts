import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { AlertTargetOptions } from '../../src/notify/create-alert-target.ts';
import { sendTestMessage } from '../../src/notify/send-test-message.ts';
import { type LoopbackTarget, startLoopbackTarget } from './loopback-target.ts';

const NOW = Date.now();
const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

let target: LoopbackTarget;
beforeEach(async () => {
  target = await startLoopbackTarget();
});
afterEach(() => target.close());

function send(options: Partial<AlertTargetOptions>) {
  const given: AlertTargetOptions = {
    ...{ name: 'pager', kind: 'webhook', secret: SECRET, url: target.url, timeoutMs: 1_000 },
    ...{ maxAttempts: 5, publicUrl: 'https://gateway.example', ...options },
  };
  return sendTestMessage(given, NOW, new AbortController().signal);
}

describe('a test message', () => {
  it('is signed like an alert and plainly none', async () => {
    expect(await send({})).toEqual({ outcome: 'delivered' });
    const [{ headers, body } = { headers: {}, body: '' }] = target.received;
    const signed = new Webhook(SECRET).verify(body, headers as Record<string, string>);
    expect(signed).toEqual({
      ...{ type: 'mau.test', timestamp: new Date(NOW).toISOString() },
      data: { target: 'pager' },
    });
  });

  it('is a sentence for a chat', async () => {
    expect(await send({ kind: 'slack', secret: null })).toEqual({ outcome: 'delivered' });
    const { text } = JSON.parse(target.received[0]?.body ?? '{}');
    expect(text).toContain('Test of mau-guard');
    expect(text).toContain('<https://gateway.example/ops/alerts|Open the dashboard>');
  });

  it('is sent once, and says why it did not arrive', async () => {
    target.answer = { status: 404 };
    expect(await send({})).toMatchObject({ outcome: 'failed', error: 'answered 404' });
    expect(target.received).toHaveLength(1);
  });
});
