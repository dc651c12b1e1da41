import type { JournalEventSink } from '../ledger/journal/ports.ts';
import type { WebhookEventSink } from '../signals/ports.ts';
import type { EvidenceMetrics } from './evidence-metrics.ts';
import type { Logger } from './logger.ts';

/** Counts every webhook, and says what an operator has to set right: an address that is not the one Twilio signs. */
export function createWebhookEventSink(logger: Logger, metrics: EvidenceMetrics): WebhookEventSink {
  return (event) => {
    switch (event.kind) {
      case 'counted': {
        const stream = event.route === 'event-stream';
        (stream ? metrics.countStreamEvent : metrics.countWebhook)(event.event, event.outcome);
        return;
      }
      case 'wrong-url': {
        const { signedUrl, expectedUrl } = event;
        logger.warn({ event: 'webhook.wrong-url', signedUrl, expectedUrl });
        return;
      }
      default:
        event satisfies never;
    }
  };
}

/** Counts what goes through the journal and tells when it begins to wait for the ledger and when it is through. */
export function createJournalEventSink(logger: Logger, metrics: EvidenceMetrics): JournalEventSink {
  return (event) => {
    const { bytes } = event;
    metrics.setJournalBytes(bytes);
    switch (event.kind) {
      case 'appended':
        metrics.countJournal('appended', 1);
        return;
      case 'refused':
        metrics.countJournal('refused', 1);
        return;
      case 'waiting':
        logger.warn({ event: 'journal.waiting', service: event.service, bytes, err: event.failure });
        return;
      case 'set-aside': {
        const { service, entries, failure } = event;
        metrics.countJournal('set-aside', entries);
        // Nobody else brings them back.
        logger.error({ event: 'journal.set-aside', service, entries, bytes, err: failure });
        return;
      }
      case 'replayed': {
        const { entries, damaged } = event;
        metrics.countJournal('replayed', entries);
        metrics.countJournal('damaged', damaged);
        // Damage is evidence lost for good.
        logger[damaged > 0 ? 'error' : 'info']({ event: 'journal.replayed', entries, damaged, bytes });
        return;
      }
      default:
        event satisfies never;
    }
  };
}
