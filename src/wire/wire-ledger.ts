import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { sleep } from '../async/sleep.ts';
import type { LedgerSettings, Settings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import { createJournalKeeper } from '../ledger/journal/keep-journal.ts';
import type { Journals } from '../ledger/journal/open-journals.ts';
import type { JournalKeeper } from '../ledger/journal/ports.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { KnownPeople } from '../ledger/outage/known-people.ts';
import { withKnownPeople } from '../ledger/outage/with-known-people.ts';
import { openRedisLedger } from '../ledger/redis/redis-ledger.ts';
import { openSqliteLedger } from '../ledger/sqlite/open-sqlite-ledger.ts';
import { timeLedger } from '../ledger/timed-ledger.ts';
import { createJournalEventSink } from '../telemetry/evidence-log.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createLostDataSink } from '../telemetry/lost-data-log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createOutageSink, type OutageSink } from '../telemetry/outage-log.ts';
import { archiveAware } from './archive-aware.ts';

export interface WireLedgerOptions {
  settings: Settings;
  clock: Clock;
  /** What waits for the ledger while that is away; null: nothing does. */
  journals: Journals | null;
  logger: Logger;
  metrics: Metrics;
}

export interface WiredLedger {
  ledger: Ledger;
  journal: JournalKeeper | null;
  /** Adds somebody to be called, every time, when the ledger is found to have lost data. Must not throw. */
  onDataLoss(listener: () => void): void;
  /** The same for people who were erased through this gateway. */
  onErasure(listener: () => void): void;
}

/**
 * Opens the ledger of the settings; it connects by itself, every call is timed, and with a journal the people whom this
 * process knows are served while Redis is away. The journal is not started.
 */
export function wireLedger(options: WireLedgerOptions): WiredLedger {
  const { settings, journals, logger, metrics } = options;
  const [losses, erasures] = [createListeners(), createListeners()];
  const told = { onDataLoss: losses.add, onErasure: erasures.add };
  const outage = createOutageSink(logger, metrics);
  const people =
    settings.ledger.kind === 'redis' ? new KnownPeople(settings.ledger.rememberedPeopleMax) : null;
  const timed = timeLedger(
    openLedger(settings.ledger, people, options, outage, losses.tell),
    metrics.observeStore,
  );
  const store = tellErasures(archiveAware(timed, options), erasures.tell);
  const keeper =
    journals &&
    createJournalKeeper({
      ...{ ledger: store, journal: journals.own, left: journals.left },
      sleep,
      onEvent: createJournalEventSink(logger, metrics),
    });
  // One process has an embedded ledger, and what takes that away takes the journal's disk as well.
  if (people === null) return { ledger: store, journal: keeper, ...told };
  const ledger = withKnownPeople({ ledger: store, people, journal: keeper, onServed: outage.served });
  return { ledger, journal: keeper, ...told };
}

function createListeners() {
  const listeners: (() => void)[] = [];
  return {
    add: (listener: () => void) => void listeners.push(listener),
    tell() {
      for (const listener of listeners) listener();
    },
  };
}

function tellErasures(ledger: Ledger, tell: () => void): Ledger {
  return {
    ...ledger,
    async change(service, change, terms) {
      const changed = await ledger.change(service, change, terms);
      if (change.kind === 'erase') tell();
      return changed;
    },
  };
}

function openLedger(
  settings: LedgerSettings,
  known: KnownPeople | null,
  { logger, metrics }: Pick<WireLedgerOptions, 'logger' | 'metrics'>,
  outage: OutageSink,
  tellLoss: () => void,
): Ledger {
  const say = createLostDataSink(logger, metrics);
  if (settings.kind === 'embedded') {
    // A mistyped path, or a disk that is not there, would else pass for a month in which nobody came yet.
    const isNew = settings.path !== ':memory:' && !existsSync(settings.path);
    const ledger = openSqliteLedger({ path: settings.path });
    if (isNew) logger.info({ event: 'ledger.begun', path: resolve(settings.path) });
    return ledger;
  }
  return openRedisLedger({
    ...{ ...settings, known },
    onConnectionChange: outage.connection,
    onCircuitChange: outage.circuit,
    onLostData(event) {
      say(event);
      if (event.event === 'lost') tellLoss();
    },
  });
}
