import { Counter, Gauge, type Registry } from 'prom-client';

/** Counts of evidence on its way. Labels are from small fixed sets. */
export interface EvidenceMetrics {
  /** @param event a known type of event, `other` or `unverified` */
  countWebhook(event: string, outcome: string): void;
  /** The same for an event of Event Streams. */
  countStreamEvent(event: string, outcome: string): void;
  /** @param outcome what became of a pre-action webhook */
  countGuard(outcome: string): void;
  /** @param result `appended`, `replayed`, `damaged` (lost on the disk) or `refused` (its sender was told) */
  countJournal(result: 'appended' | 'replayed' | 'damaged' | 'refused', entries: number): void;
  setJournalBytes(bytes: number): void;
}

export function createEvidenceMetrics(registry: Registry): EvidenceMetrics {
  const registers = [registry];
  const webhooks = new Counter({
    name: 'mauguard_webhooks_total',
    help: 'Webhooks of Twilio by type of event and what became of them; recorded means that evidence was kept.',
    labelNames: ['event', 'outcome'],
    registers,
  });
  const streamEvents = new Counter({
    name: 'mauguard_stream_events_total',
    help: 'Events of Twilio Event Streams by type and what became of them; recorded means that evidence was kept.',
    labelNames: ['event', 'outcome'],
    registers,
  });
  const guarded = new Counter({
    name: 'mauguard_guard_webhooks_total',
    help: 'Pre-action webhooks by what became of them; all but refused were let through.',
    labelNames: ['outcome'],
    registers,
  });
  const entries = new Counter({
    name: 'mauguard_journal_entries_total',
    help: 'Evidence and mints through the local journal; damaged is lost, refused was kept nowhere.',
    labelNames: ['result'],
    registers,
  });
  const bytes = new Gauge({
    name: 'mauguard_journal_bytes',
    help: 'Size of the local journal, in which evidence and mints wait for the ledger.',
    registers,
  });
  return {
    countWebhook: (event, outcome) => webhooks.labels(event, outcome).inc(),
    countStreamEvent: (event, outcome) => streamEvents.labels(event, outcome).inc(),
    countGuard: (outcome) => guarded.labels(outcome).inc(),
    countJournal: (result, count) => entries.labels(result).inc(count),
    setJournalBytes: (size) => bytes.set(size),
  };
}
