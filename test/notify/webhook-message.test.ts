import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { buildWebhookMessage } from '../../src/notify/webhook-message.ts';
import { alertNotice, NOW } from './alert-notice.ts';

const KEY = Buffer.from('a key of the receiver, 32 bytes!');
const SECRET = `whsec_${KEY.toString('base64')}`;

describe('a webhook message', () => {
  it('is signed over id, time of the attempt and body, as a receiver reckons it', () => {
    const { headers, body } = buildWebhookMessage(alertNotice(), SECRET, NOW + 5_000);
    expect(headers['webhook-timestamp']).toBe(String(Math.floor(NOW / 1000) + 5));
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const digest = createHmac('sha256', KEY).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${digest}`);
    expect(headers['webhook-id']).toMatch(/^msg_[\w-]{27}$/);
  });

  it('holds the alert and its numbers', () => {
    expect(JSON.parse(buildWebhookMessage(alertNotice(), SECRET, NOW).body)).toEqual({
      type: 'mau.budget.threshold',
      timestamp: '2026-11-20T21:00:00.123Z',
      data: {
        alertId: '17',
        service: 'default',
        month: '2026-11',
        budget: 'all',
        threshold: 80,
        state: 'escalated',
        limit: 500,
        used: 400,
        mode: 'block',
      },
    });
  });

  it('has a type of its own for a forecast', () => {
    const { body } = buildWebhookMessage(alertNotice({ budget: 'forecast', used: 613 }), SECRET, NOW);
    expect(JSON.parse(body)).toMatchObject({
      type: 'mau.budget.forecast',
      data: { budget: 'forecast', used: 613 },
    });
  });

  it('has the same id and body at every attempt, and another id for another alert', () => {
    const first = buildWebhookMessage(alertNotice(), SECRET, NOW);
    const again = buildWebhookMessage(alertNotice(), SECRET, NOW + 3_600_000);
    expect(again.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(again.body).toBe(first.body);
    expect(again.headers['webhook-signature']).not.toBe(first.headers['webhook-signature']);

    const others = [alertNotice({ id: '18' }), alertNotice({ at: NOW + 1 })];
    for (const other of others) {
      const { headers } = buildWebhookMessage(other, SECRET, NOW);
      expect(headers['webhook-id']).not.toBe(first.headers['webhook-id']);
    }
  });
});
