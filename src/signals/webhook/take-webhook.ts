import type { Identity } from '../../domain/identity.ts';
import { type Refusal, refused } from '../../domain/refusal.ts';
import type {
  RecordEvidence,
  WebhookEventSink,
  WebhookOutcome,
  WebhookParams,
  WebhookSignatures,
} from '../ports.ts';
import { buildEvidence } from './build-evidence.ts';
import { chooseService, type WebhookService } from './choose-service.ts';
import { EVENT_RULES } from './event-rules.ts';
import { readField } from './fields.ts';

/** A post-action webhook as it came. */
export interface Webhook {
  params: WebhookParams;
  /** Header `X-Twilio-Signature`, null when it is missing. */
  signature: string | null;
  /** The address that Twilio must have signed: PUBLIC_URL with path and query. */
  url: string;
  /** Other addresses that it may have signed instead; only to tell the operator what is set up wrongly. */
  otherUrls: () => readonly string[];
  /** Query parameter `service` of the address, or null. */
  service: string | null;
  nowMs: number;
}

/**
 * Takes a post-action webhook of Conversations; null when its sender need not know more. Safe to repeat: the same
 * event, in any order and however often, comes to the same ledger.
 *
 * @returns `forbidden` for a wrong signature or a foreign account
 * @throws GatewayError `ledger-unavailable` when evidence could be kept nowhere; Twilio shows it in its debugger
 */
export type TakeWebhook = (webhook: Webhook) => Promise<Refusal | null>;

export interface TakeWebhookParts {
  signatures: WebhookSignatures;
  services: readonly WebhookService[];
  /** Class for an identity that the month does not know yet. */
  classOf(identity: Identity): string;
  recordEvidence: RecordEvidence;
  onEvent: WebhookEventSink;
}

/** HMAC-SHA1 in base64. */
const SIGNATURE = /^[A-Za-z0-9+/]{27}=$/;
/** Looking for the address that was signed costs many signatures, and everybody can ask for it. */
const DIAGNOSIS_PAUSE_MS = 1_000;

export function createTakeWebhook(parts: TakeWebhookParts): TakeWebhook {
  const { signatures, services, classOf, recordEvidence, onEvent } = parts;
  let diagnosedAt = Number.NEGATIVE_INFINITY;

  const count = (event: string, outcome: WebhookOutcome) => onEvent({ kind: 'counted', event, outcome });

  async function refuseSignature(webhook: Webhook): Promise<Refusal> {
    const signedUrl = await findSignedUrl(webhook);
    count('unverified', signedUrl === null ? 'bad-signature' : 'wrong-url');
    if (signedUrl !== null) {
      onEvent({ kind: 'wrong-url', signedUrl: bare(signedUrl), expectedUrl: bare(webhook.url) });
    }
    return refused('forbidden', { detail: 'The signature of this webhook is missing or wrong.' });
  }

  async function findSignedUrl({ signature, params, otherUrls, nowMs }: Webhook): Promise<string | null> {
    if (signature === null || !SIGNATURE.test(signature)) return null;
    if (Math.abs(nowMs - diagnosedAt) < DIAGNOSIS_PAUSE_MS) return null;
    diagnosedAt = nowMs;
    for (const url of otherUrls()) if (await signatures.verify(signature, url, params)) return url;
    return null;
  }

  return async (webhook) => {
    const { params, signature, url, nowMs } = webhook;
    const shaped = signature !== null && SIGNATURE.test(signature);
    if (!shaped || !(await signatures.verify(signature, url, params))) return refuseSignature(webhook);

    const type = readField(params, 'EventType') ?? '';
    const rule = Object.hasOwn(EVENT_RULES, type) ? EVENT_RULES[type] : undefined;
    const event = rule === undefined ? 'other' : type;
    const service = chooseService(services, params, webhook.service);
    if (service === 'other-account') {
      count(event, service);
      return refused('forbidden', { detail: 'The webhook is about another account.' });
    }
    if (rule === undefined || typeof service === 'string') {
      count(event, typeof service === 'string' ? service : 'unknown-event');
      return null;
    }
    const evidence = buildEvidence(rule, params, { nowMs, classOf });
    if (typeof evidence === 'string') {
      count(event, evidence);
      return null;
    }
    try {
      await recordEvidence(service.name, evidence);
    } catch (error) {
      count(event, 'unavailable');
      throw error;
    }
    count(event, 'recorded');
    return null;
  };
}

/** Queries are not logged. */
function bare(url: string): string {
  return url.replace(/[?#].*$/s, '');
}
