import { Router } from 'express';
import type { Clock } from '../../domain/clock.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { ManifestDesk } from '../../reconcile/manifest-desk.ts';
import { monthOfPath } from '../month-of-path.ts';
import { refusedQuery } from '../operator-query.ts';
import { createReadHandler } from '../operator-read.ts';
import type { OperatorGate } from '../operators.ts';
import { acceptsJson } from '../send-json.ts';

export interface ManifestRoutesDeps {
  gate: OperatorGate;
  clock: Clock;
  services: readonly ServiceName[];
  manifests: ManifestDesk;
}

/** What the identity export of a month is. To be mounted at `/v1/months`, beside the months themselves. */
export function createManifestRoutes({ gate, clock, services, manifests }: ManifestRoutesDeps): Router {
  const router = Router({ caseSensitive: true });
  router.get(
    '/:month/manifest',
    gate.require('finance'),
    acceptsJson,
    createReadHandler(services, ['format', 'now'], async ({ service, query }, request) => {
      const month = monthOfPath(request, clock.now());
      const faults = Array.isArray(month) ? [...month] : [];
      const format = query.format ?? 'csv';
      if (format !== 'csv' && format !== 'ndjson') {
        faults.push({ pointer: '?format', detail: 'Must be csv or ndjson.' });
      }
      if (query.now !== null && query.now !== 'true' && query.now !== 'false') {
        faults.push({ pointer: '?now', detail: 'Must be true or false.' });
      }
      if (faults.length > 0 || Array.isArray(month)) return refusedQuery(faults);
      return manifests.read(service, month, {
        format: format === 'csv' ? 'csv' : 'ndjson',
        now: query.now === 'true',
      });
    }),
  );
  return router;
}
