import { Router } from 'express';
import type { ArchiveDesk } from '../../archive/archive-desk.ts';
import { type ArchiveSources, listArchive, viewMonth } from '../../archive/archive-view.ts';
import type { ArchiveVerification } from '../../archive/verify-archive.ts';
import { archiveWriteSchema } from '../../contract/archive.ts';
import { reasonWriteSchema } from '../../contract/steering.ts';
import { refused } from '../../domain/refusal.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import { monthOfPath } from '../month-of-path.ts';
import { createMonthReadHandler, createReadHandler } from '../operator-read.ts';
import { createWriteHandler, type OperatorWriteDeps } from '../operator-writes.ts';
import type { OperatorGate } from '../operators.ts';
import { acceptsJson } from '../send-json.ts';

export interface ArchiveRoutesDeps extends OperatorWriteDeps {
  gate: OperatorGate;
  /** What is looked at of ledger and archive. */
  sources: ArchiveSources;
  desk: ArchiveDesk;
  /** Reads the whole archive of a service; null: there is none. */
  verify: ((service: ServiceName) => Promise<ArchiveVerification>) | null;
}

/** The archive as a whole. To be mounted at `/v1/archive`. */
export function createArchiveRoutes({ gate, services, sources, verify }: ArchiveRoutesDeps): Router {
  const router = Router({ caseSensitive: true });

  router.get(
    '/',
    gate.require('finance'),
    acceptsJson,
    createReadHandler(services, [], async ({ service }) => ({
      configured: verify !== null,
      months: await listArchive(sources, service),
    })),
  );

  router.get(
    '/verification',
    gate.require('finance'),
    acceptsJson,
    createReadHandler(services, [], async ({ service }) =>
      verify === null ? refused('not-found', { detail: 'This gateway has no archive.' }) : verify(service),
    ),
  );

  return router;
}

/** Months of the archive. To be mounted at `/v1/months`, beside the months themselves. */
export function createMonthArchiveRoutes(deps: ArchiveRoutesDeps): Router {
  const { gate, clock, sources, desk } = deps;
  const router = Router({ caseSensitive: true });

  router.get(
    '/:month/archive',
    gate.require('finance'),
    acceptsJson,
    createMonthReadHandler(deps, [], ({ service, month }) => viewMonth(sources, service, month)),
  );

  router.post(
    '/:month/archive',
    gate.require('admin'),
    createWriteHandler(deps, {
      schema: archiveWriteSchema,
      ifMatch: 'allowed',
      target: (request) => monthOfPath(request, clock.now()),
      run: ({ service, target, body, terms }) =>
        desk.order(service, body.trim ? 'trim' : 'archive', target, terms),
    }),
  );

  router.post(
    '/:month/restore',
    gate.require('admin'),
    createWriteHandler(deps, {
      schema: reasonWriteSchema,
      ifMatch: 'allowed',
      target: (request) => monthOfPath(request, clock.now()),
      run: ({ service, target, terms }) => desk.order(service, 'restore', target, terms),
    }),
  );

  return router;
}
