import { createHash } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { AlertNotice } from '../alerts/ports.ts';

export interface SignedMessage {
  headers: Record<string, string>;
  body: string;
}

/**
 * An alert as Standard Webhooks describes them (standardwebhooks.com): the signature covers id, time of the attempt
 * and body. The id is the same at every attempt.
 *
 * @param secret `whsec_` and base64
 * @param nowMs of the attempt, ms since the epoch
 */
export function buildWebhookMessage(notice: AlertNotice, secret: string, nowMs: number): SignedMessage {
  const { service, alert, mode } = notice;
  const { id: alertId, at, ...numbers } = alert;
  const id = messageId(service, alertId, at);
  const body = JSON.stringify({
    type: alert.budget === 'forecast' ? 'mau.budget.forecast' : 'mau.budget.threshold',
    timestamp: new Date(at).toISOString(),
    data: { alertId, service, ...numbers, mode },
  });
  return {
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(nowMs / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, new Date(nowMs), body),
    },
    body,
  };
}

/** With the instant in it: a ledger begun anew counts its alerts anew, and receivers must not take them for repeats. */
function messageId(service: string, alertId: string, at: number): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([service, alertId, at]))
    .digest('base64url');
  return `msg_${digest.slice(0, 27)}`;
}
