import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { SendOutcome } from '../alerts/ports.ts';
import type { AlertTargetOptions } from './create-alert-target.ts';
import { postJson } from './post-json.ts';

/**
 * Tells a target once that alerts reach it. No alert, and no attempt at one: nothing is remembered, and receivers
 * know it by its type `mau.test`.
 */
export function sendTestMessage(
  { name, kind, url, secret, timeoutMs, publicUrl }: AlertTargetOptions,
  nowMs: number,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const post = { url, timeoutMs, nowMs, signal };
  const link = publicUrl === null ? '' : ` <${publicUrl}/ops/alerts|Open the dashboard>`;
  if (kind === 'slack' || secret === null) {
    const text = `Test of mau-guard: alerts of monthly active users reach this channel. Nothing has happened.${link}`;
    return postJson({ ...post, headers: {}, body: JSON.stringify({ text }) });
  }
  const id = `msg_${randomBytes(18).toString('base64url')}`;
  const body = JSON.stringify({
    type: 'mau.test',
    timestamp: new Date(nowMs).toISOString(),
    data: { target: name },
  });
  return postJson({
    ...post,
    body,
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(nowMs / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, new Date(nowMs), body),
    },
  });
}
