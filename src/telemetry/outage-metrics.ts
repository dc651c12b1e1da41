import { Counter, Gauge, type Registry } from 'prom-client';

/** What is seen of a ledger that is away. */
export interface OutageMetrics {
  /** Whether calls of a service are held back. */
  setCircuit(service: string, open: boolean): void;
  /** A token that was given out without the ledger; `minted` ones wait in the journal. */
  countOutageToken(outcome: 'minted' | 'reused'): void;
  /** A ledger came back with less of a service than it had. */
  countDataLoss(service: string): void;
}

export function createOutageMetrics(registry: Registry): OutageMetrics {
  const registers = [registry];
  const circuits = new Gauge({
    name: 'mauguard_ledger_circuit_open',
    help: '1 while the ledger of a service does not answer and is not asked; with several processes, how many.',
    labelNames: ['service'],
    registers,
  });
  const tokens = new Counter({
    name: 'mauguard_outage_tokens_total',
    help: 'Tokens handed out while the ledger was away; minted ones went through the journal.',
    labelNames: ['outcome'],
    registers,
  });
  const losses = new Counter({
    name: 'mauguard_ledger_data_lost_total',
    help: 'How often the ledger of a service was found to have less than this gateway had seen.',
    labelNames: ['service'],
    registers,
  });
  return {
    setCircuit: (service, open) => circuits.labels(service).set(open ? 1 : 0),
    countOutageToken: (outcome) => tokens.labels(outcome).inc(),
    countDataLoss: (service) => losses.labels(service).inc(),
  };
}
