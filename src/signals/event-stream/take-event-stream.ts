import { type Refusal, refused } from '../../domain/refusal.ts';
import type { WebhookEventSink, WebhookSignatures } from '../ports.ts';
import type { CheckSignature, SignedRequest } from '../webhook/check-signature.ts';
import type { TakeEvent } from '../webhook/take-event.ts';
import { readCloudEvent } from './read-cloud-event.ts';

/** A delivery of Event Streams as it came. */
export interface StreamDelivery extends SignedRequest {
  /** JSON: a list of CloudEvents, or one alone. */
  body: Buffer;
  /** Query parameter `service` of the address, or null. */
  service: string | null;
}

/**
 * Takes a batch of Event Streams, the durable twin of webhooks: the same events by the same rules, counted once when
 * both are on. Null when all of it is taken: what it proves is kept, and what cannot be read is counted as such. Safe to
 * repeat.
 *
 * @returns `forbidden` for a wrong signature; `invalid-request` for what is no list of at most 1,000 events
 * @throws GatewayError `ledger-unavailable` when something could be kept nowhere; Twilio sends the batch again
 */
export type TakeEventStream = (delivery: StreamDelivery) => Promise<Refusal | null>;

export interface TakeEventStreamParts {
  signatures: WebhookSignatures;
  checkSignature: CheckSignature;
  takeEvent: TakeEvent;
  onEvent: WebhookEventSink;
}

const STREAM_EVENTS_MAX = 1_000;

export function createTakeEventStream(parts: TakeEventStreamParts): TakeEventStream {
  const { signatures, checkSignature, takeEvent, onEvent } = parts;
  return async (delivery) => {
    const { body, service, nowMs } = delivery;
    const signed = await checkSignature(delivery, (signature, url) =>
      signatures.verifyBody(signature, url, body),
    );
    if (signed !== 'signed') {
      onEvent({ kind: 'counted', route: 'event-stream', event: 'unverified', outcome: signed });
      return refused('forbidden', { detail: 'The signature of this batch is missing or wrong.' });
    }
    const events = parseEvents(body);
    if ('outcome' in events) {
      onEvent({ kind: 'counted', route: 'event-stream', event: 'other', outcome: 'malformed' });
      return events;
    }
    // All of it is tried, so that what is sent again finds as little as possible to do.
    const results = await Promise.allSettled(
      events.map(async (event) => {
        const params = readCloudEvent(event);
        if (params !== null) await takeEvent({ params, service, source: 'event-stream', nowMs });
        else onEvent({ kind: 'counted', route: 'event-stream', event: 'other', outcome: 'malformed' });
      }),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return null;
  };
}

function parseEvents(body: Buffer): unknown[] | Refusal {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    return invalid('The body must be well-formed JSON.');
  }
  const events = Array.isArray(parsed) ? parsed : [parsed];
  return events.length > STREAM_EVENTS_MAX
    ? invalid(`A batch may have ${STREAM_EVENTS_MAX} events at most.`)
    : events;
}

function invalid(detail: string): Refusal {
  return refused('invalid-request', { detail, errors: [{ pointer: '', detail }] });
}
