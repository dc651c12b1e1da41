import type { LedgerSettings, Settings } from '../config/settings.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openRedisLedger } from '../ledger/redis/redis-ledger.ts';
import { openSqliteLedger } from '../ledger/sqlite/open-sqlite-ledger.ts';
import { timeLedger } from '../ledger/timed-ledger.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** Opens the ledger of the settings; it connects by itself, and every call is timed. */
export function wireLedger(
  { ledger }: Settings,
  logger: Logger,
  metrics: Pick<Metrics, 'observeStore'>,
): Ledger {
  const opened = openLedger(ledger, (state, detail) => {
    if (state === 'ready') logger.info({ event: 'ledger.ready' });
    else logger.warn({ event: 'ledger.lost', reason: detail });
  });
  return timeLedger(opened, metrics.observeStore);
}

function openLedger(
  settings: LedgerSettings,
  onConnectionChange: (state: 'ready' | 'lost', detail: string) => void,
): Ledger {
  return settings.kind === 'embedded'
    ? openSqliteLedger({ path: settings.path })
    : openRedisLedger({ ...settings, onConnectionChange });
}
