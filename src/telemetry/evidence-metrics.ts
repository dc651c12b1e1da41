import { Gauge, type Registry } from 'prom-client';
import { declareMetrics } from './declare-metrics.ts';
import { remember } from './remember.ts';

type JournalResult = 'appended' | 'replayed' | 'set-aside' | 'damaged' | 'refused';

const JOURNAL_RESULTS: readonly JournalResult[] = [
  ...(['appended', 'replayed', 'set-aside', 'damaged', 'refused'] as const),
];
/** Refused webhooks of the event `unverified`, which an alert looks for. */
const UNVERIFIED_OUTCOMES = ['bad-signature', 'wrong-url'];

/** Counts of evidence on its way. Labels are from small fixed sets. */
export interface EvidenceMetrics {
  /** @param event a known type of event, `other` or `unverified` */
  countWebhook(event: string, outcome: string): void;
  /** The same for an event of Event Streams. */
  countStreamEvent(event: string, outcome: string): void;
  /** Once for each pre-action webhook. @param outcome what Twilio was answered, and why */
  countGuard(outcome: string): void;
  /** @param result `appended`, `replayed`, `set-aside` (in a file of its own), `damaged` (lost on the disk) or `refused` (its sender was told) */
  countJournal(result: JournalResult, entries: number): void;
  setJournalBytes(bytes: number): void;
}

export function createEvidenceMetrics(registry: Registry): EvidenceMetrics {
  const { counter } = declareMetrics(registry);
  const webhooks = counter(
    'mauguard_webhooks_total',
    'Webhooks of Twilio by type of event and what became of them; recorded means that evidence was kept.',
    ['event', 'outcome'],
  );
  const streamEvents = counter(
    'mauguard_stream_events_total',
    'Events of Twilio Event Streams by type and what became of them; recorded means that evidence was kept.',
    ['event', 'outcome'],
  );
  const guarded = counter(
    'mauguard_guard_webhooks_total',
    'Pre-action webhooks, each once, by what Twilio was answered and why; all but refused were let through.',
    ['outcome'],
  );
  const entries = counter(
    'mauguard_journal_entries_total',
    'Evidence and mints through the local journal; set-aside waits in a file, damaged is lost, refused was kept nowhere.',
    ['result'],
  );
  const bytes = new Gauge({
    name: 'mauguard_journal_bytes',
    help: 'Size of the local journal, in which evidence and mints wait for the ledger.',
    registers: [registry],
    // Each process has a journal: in a sum of empty ones, many would look like one in which something waits.
    aggregator: 'max',
  });
  for (const result of JOURNAL_RESULTS) entries.labels(result).inc(0);
  for (const outcome of UNVERIFIED_OUTCOMES) webhooks.labels('unverified', outcome).inc(0);
  const webhookBy = remember((event: string) =>
    remember((outcome: string) => webhooks.labels(event, outcome)),
  );
  const streamEventBy = remember((event: string) =>
    remember((outcome: string) => streamEvents.labels(event, outcome)),
  );
  return {
    countWebhook: (event, outcome) => webhookBy(event)(outcome).inc(),
    countStreamEvent: (event, outcome) => streamEventBy(event)(outcome).inc(),
    countGuard: (outcome) => guarded.labels(outcome).inc(),
    countJournal: (result, count) => entries.labels(result).inc(count),
    setJournalBytes: (size) => bytes.set(size),
  };
}
