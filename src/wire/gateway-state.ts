import type { LedgerSettings, ServiceSettings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import type { JournalKeeper } from '../ledger/journal/ports.ts';
import type { GatewayState, GatewayStateSource } from '../ops/gateway-state.ts';
import type { Limits } from './limits.ts';

export interface GatewayStateOptions {
  version: string;
  clock: Clock;
  ledger: LedgerSettings;
  services: readonly Pick<ServiceSettings, 'name' | 'apiKey' | 'previousApiKey'>[];
  journal: Pick<JournalKeeper, 'bytes'> | null;
  limits: Pick<Limits, 'readMemory'>;
  readSeen: () => GatewayState['seen'];
}

/** What this process is, from now on. */
export function createGatewayState(options: GatewayStateOptions): GatewayStateSource {
  const { version, clock, ledger, services, journal, limits, readSeen } = options;
  const startedAtMs = clock.now();
  const keys = Object.fromEntries(
    services.map(({ name, apiKey, previousApiKey }) => [
      name,
      { current: apiKey.sid, previous: previousApiKey?.sid ?? null },
    ]),
  );
  return {
    read: () => ({
      ...{ version, startedAtMs, keys },
      node: process.version,
      store: ledger.kind === 'redis' ? 'Redis' : 'SQLite',
      ledger: describeLedger(ledger),
      journalBytes: journal === null ? null : journal.bytes(),
      seen: readSeen(),
    }),
    readMemory: () => limits.readMemory(),
  };
}

function describeLedger(ledger: LedgerSettings): string {
  if (ledger.kind === 'embedded') return 'embedded SQLite, for this process alone';
  switch (ledger.connection.kind) {
    case 'single':
      return 'Redis, one server';
    case 'cluster':
      return 'Redis Cluster';
    case 'sentinel':
      return 'Redis with Sentinels';
    default:
      return ledger.connection satisfies never;
  }
}
