import type { AlertTarget } from '../alerts/ports.ts';
import { postJson } from './post-json.ts';
import { buildSlackMessage } from './slack-message.ts';
import { buildWebhookMessage, type SignedMessage } from './webhook-message.ts';

export interface AlertTargetOptions {
  name: string;
  kind: 'slack' | 'webhook';
  /** `https`, or `http` on loopback. A secret: whoever has it can write to the channel. */
  url: string;
  /** For `webhook`: `whsec_` and base64. */
  secret: string | null;
  /** Deadline of one attempt, ms. */
  timeoutMs: number;
  maxAttempts: number;
  /** The gateway's own URL for links, without a trailing slash, or null. */
  publicUrl: string | null;
}

/** A target that gets alerts as JSON by HTTP. */
export function createAlertTarget(options: AlertTargetOptions): AlertTarget {
  const { name, kind, url, secret, timeoutMs, maxAttempts, publicUrl } = options;
  if (kind === 'webhook' && secret === null) throw new TypeError(`Alert target ${name} has no secret.`);
  const build = (...[notice, nowMs]: Parameters<AlertTarget['send']>): SignedMessage =>
    kind === 'slack' || secret === null
      ? { headers: {}, body: buildSlackMessage(notice, publicUrl) }
      : buildWebhookMessage(notice, secret, nowMs);
  return {
    name,
    timeoutMs,
    maxAttempts,
    send: (notice, nowMs, signal) =>
      postJson({ ...build(notice, nowMs, signal), url, timeoutMs, nowMs, signal }),
  };
}
