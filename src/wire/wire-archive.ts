import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createArchiveBook } from '../archive/archive-book.ts';
import { createArchiveDesk } from '../archive/archive-desk.ts';
import { openArchiveFolder } from '../archive/archive-folder.ts';
import { createArchiveKeeper } from '../archive/keeper.ts';
import { createRetentionSchedule } from '../archive/schedule.ts';
import { createUnknownTeller } from '../archive/tell-unknown.ts';
import type { ArchiveVerification } from '../archive/verify-archive.ts';
import { verifyKnownArchive } from '../archive/verify-known.ts';
import { createSingleFlight } from '../async/single-flight.ts';
import { sleepIdly } from '../async/sleep.ts';
import type { LedgerSettings, Settings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { OperatorGate } from '../http/operators.ts';
import { createArchiveRoutes, createMonthArchiveRoutes } from '../http/routes/archive.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ClosingDesk } from '../reconcile/closing-desk.ts';
import { createManifestKey, type PublicJwk } from '../reports/manifest-key.ts';
import { createArchiveEventSink } from '../telemetry/archive-log.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createScheduleFailureSink } from '../telemetry/schedule-log.ts';

export interface WireArchiveOptions {
  settings: Pick<Settings, 'retention' | 'services' | 'manifestSigningKey' | 'ledger'>;
  ledger: Ledger;
  clock: Clock;
  logger: Logger;
  gate: OperatorGate;
  closings: ClosingDesk;
  publicKeys: readonly PublicJwk[];
}

/** Rows that leave the ledger, and come back. Without a folder, months can only be looked at. */
export function wireArchive(options: WireArchiveOptions) {
  const { settings, ledger, clock, logger, gate, closings, publicKeys } = options;
  const { retention, manifestSigningKey } = settings;
  const services = settings.services.map(({ name }) => name);
  const key = manifestSigningKey === null ? null : createManifestKey(manifestSigningKey);
  const book = createArchiveBook(ledger, randomUUID(), clock.now);
  const onEvent = createArchiveEventSink(logger);
  const root = retention.archive;
  const folderOf = root === null ? null : (service: ServiceName) => openArchiveFolder(root, service);
  const keeper =
    root === null
      ? null
      : createArchiveKeeper({
          ...{ ledger, book, root, clock, key, publicKeys, onEvent },
          settle: (signal) => pause(settleMs(settings.ledger), undefined, { signal }),
        });
  const schedule =
    keeper &&
    createRetentionSchedule({
      ...{ ledger, book, keeper, closings, clock, services, kept: retention, onEvent },
      onFailure: createScheduleFailureSink(logger, 'retention'),
      sleep: sleepIdly,
    });
  // Each reads the whole archive, so those who ask at the same time share the answer.
  const share = createSingleFlight<ArchiveVerification>();
  const verify =
    folderOf &&
    ((service: ServiceName) =>
      share(service, () =>
        verifyKnownArchive(folderOf(service), { ledger, book, service, key, publicKeys }),
      ));
  const sources = { ledger, book, folderOf };
  const deps = {
    ...{ gate, clock, services, sources, verify },
    desk: createArchiveDesk({ ...sources, keeper }),
  };
  const teller =
    folderOf &&
    createUnknownTeller({
      ...{ book, folderOf, services, onEvent, sleep: sleepIdly },
      onFailure: createScheduleFailureSink(logger, 'archive.unknown'),
    });
  return {
    start() {
      teller?.start();
      schedule?.start();
    },
    async stop() {
      await Promise.all([teller?.stop(), schedule?.stop()]);
    },
    routes: [
      ['/v1/archive', createArchiveRoutes(deps)],
      ['/v1/months', createMonthArchiveRoutes(deps)],
    ] as const,
  };
}

/** Whoever takes evidence asks whether the month takes it, then records it: two calls of the ledger, and some to spare. */
function settleMs(ledger: LedgerSettings): number {
  return ledger.kind === 'embedded' ? 100 : 2 * ledger.deadlineMs + 1_000;
}
