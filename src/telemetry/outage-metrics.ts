import type { Registry } from 'prom-client';
import { declareMetrics } from './declare-metrics.ts';

/** What is seen of a ledger that is away. */
export interface OutageMetrics {
  /** Whether calls of a service are held back. */
  setCircuit(service: string, open: boolean): void;
  /** A token that was given out without the ledger; `minted` ones wait in the journal. */
  countOutageToken(outcome: 'minted' | 'reused'): void;
  /** A ledger came back with less of a service than it had. */
  countDataLoss(service: string): void;
}

/** @param services whose losses stand at 0 from the start, so that an alert sees the first one */
export function createOutageMetrics(registry: Registry, services: readonly string[]): OutageMetrics {
  const { counter, gauge } = declareMetrics(registry);
  const circuits = gauge(
    'mauguard_ledger_circuit_open',
    '1 while the ledger of a service does not answer and is not asked; with several processes, how many.',
    ['service'],
  );
  const tokens = counter(
    'mauguard_outage_tokens_total',
    'Tokens handed out while the ledger was away; minted ones went through the journal.',
    ['outcome'],
  );
  const losses = counter(
    'mauguard_ledger_data_lost_total',
    'How often the ledger of a service was found to have less than this gateway had seen.',
    ['service'],
  );
  for (const service of services) losses.labels(service).inc(0);
  return {
    setCircuit: (service, open) => circuits.labels(service).set(open ? 1 : 0),
    countOutageToken: (outcome) => tokens.labels(outcome).inc(),
    countDataLoss: (service) => losses.labels(service).inc(),
  };
}
