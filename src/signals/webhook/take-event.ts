import type { Identity } from '../../domain/identity.ts';
import type { RecordEvidence, WebhookEventSink, WebhookOutcome, WebhookParams } from '../ports.ts';
import { buildEvidence, type EvidenceContext } from './build-evidence.ts';
import { chooseService, type WebhookService } from './choose-service.ts';
import { EVENT_RULES } from './event-rules.ts';
import { readField } from './fields.ts';

/** A post-action event of Conversations whose sender is known to be Twilio. */
export interface TwilioEvent {
  params: WebhookParams;
  /** Query parameter `service` of the address, or null. */
  service: string | null;
  source: EvidenceContext['source'];
  nowMs: number;
}

/**
 * Takes one event, keeps what it tells and counts it. Safe to repeat: the same event, in any order and however often,
 * comes to the same ledger.
 *
 * @throws GatewayError `ledger-unavailable` when it could be kept nowhere
 */
export type TakeEvent = (event: TwilioEvent) => Promise<WebhookOutcome>;

export interface TakeEventParts {
  services: readonly WebhookService[];
  /** Class for an identity that the month does not know yet. */
  classOf(identity: Identity): string;
  recordEvidence: RecordEvidence;
  onEvent: WebhookEventSink;
}

export function createTakeEvent(parts: TakeEventParts): TakeEvent {
  const { services, classOf, recordEvidence, onEvent } = parts;

  async function take({ params, service: named, source, nowMs }: TwilioEvent, type: string) {
    // A stream may carry events of other products, which need not name the account.
    if (source === 'event-stream' && !Object.hasOwn(EVENT_RULES, type)) return 'unknown-event';
    const service = chooseService(services, params, named);
    if (typeof service === 'string') return service;
    const seen = buildEvidence(type, params, { source, nowMs, classOf });
    if (typeof seen === 'string') return seen;
    const { evidence, marks, outcome } = seen;
    if (evidence.length + marks.length > 0) await recordEvidence(service.name, evidence, marks);
    return outcome;
  }

  return async (event) => {
    const type = readField(event.params, 'EventType') ?? '';
    const counted = {
      kind: 'counted',
      route: event.source,
      event: Object.hasOwn(EVENT_RULES, type) ? type : 'other',
    } as const;
    try {
      const outcome = await take(event, type);
      onEvent({ ...counted, outcome });
      return outcome;
    } catch (error) {
      onEvent({ ...counted, outcome: 'unavailable' });
      throw error;
    }
  };
}
