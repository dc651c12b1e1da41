import { setTimeout as pause } from 'node:timers/promises';
import type { Settings } from '../config/settings.ts';
import { once } from '../doctor/once.ts';
import { type LedgerMonth, LedgerNotRead } from '../doctor/ports.ts';
import { monthOf } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openRedisLedger } from '../ledger/redis/redis-ledger.ts';
import { type LedgerFileState, openSqliteLedgerToRead } from '../ledger/sqlite/open-to-read.ts';
import { readAddedByBackfill } from '../reports/read-hygiene.ts';

const STATES: Record<LedgerFileState, string> = {
  missing: 'there is none yet: the first start makes it',
  'in-use': 'a running gateway has it to itself; its dashboard shows what it holds',
  'other-schema': 'another version of mau-guard wrote it, and it is not changed here',
  foreign: 'the file at LEDGER_PATH is no ledger',
};
/** How long a Redis is waited for, ms; below the limit of a check. */
const PATIENCE_MS = 3_000;

/** The ledger of the settings, opened when it is first read, and only where that changes nothing. */
export function openDoctorLedger(
  { ledger: settings, services }: Pick<Settings, 'ledger' | 'services'>,
  now: () => number,
) {
  const opened = once(async (): Promise<Ledger> => {
    if (settings.kind === 'redis') {
      return answering(
        openRedisLedger(settings),
        services.map(({ name }) => name),
      );
    }
    const ledger = openSqliteLedgerToRead(settings.path);
    if (typeof ledger === 'string') throw new LedgerNotRead(STATES[ledger]);
    return ledger;
  });
  let isOpened = false;

  async function month(service: ServiceName): Promise<LedgerMonth> {
    isOpened = true;
    const ledger = await opened();
    const month = monthOf(now());
    const [totals, days, kept, addedByBackfill] = await Promise.all([
      ledger.totals(service, month),
      ledger.days(service, month),
      ledger.limits(service, month),
      readAddedByBackfill(ledger, service, month),
    ]);
    // What is configured comes to the ledger with the first start of a month.
    const configured = services.find(({ name }) => name === service)?.budget ?? null;
    const budget = kept.source === 'configured' ? (kept.budget ?? configured) : kept.budget;
    return {
      totals: { ...totals, budget },
      days,
      limits: { ...kept, budget },
      addedByBackfill,
    };
  }

  return {
    month,
    async close(): Promise<void> {
      if (!isOpened) return;
      const ledger = await opened().catch(() => null);
      await ledger?.close();
    },
  };
}

async function answering(ledger: Ledger, services: readonly ServiceName[]): Promise<Ledger> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await Promise.all(services.map((service) => ledger.ping(service)));
      return ledger;
    } catch (error) {
      if (performance.now() > giveUpAt) {
        await ledger.close();
        throw error;
      }
      await pause(50);
    }
  }
}
