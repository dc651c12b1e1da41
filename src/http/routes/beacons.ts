import { Router } from 'express';
import { beaconSchema } from '../../contract/beacons.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Limiter } from '../../domain/limiter.ts';
import type { RecordBeacon } from '../../signals/record-beacon.ts';
import { checkBeaconHeaders } from '../beacon-headers.ts';
import { readJsonRequest } from '../json-request.ts';
import { limitFailures } from '../limits.ts';

export interface BeaconRoutesDeps {
  recordBeacon: RecordBeacon;
  clock: Clock;
  /** Counts beacons that failed to authenticate, by address block. */
  failedBeacons: Limiter;
}

/**
 * `POST /v1/beacons`: a browser tells of its own connection. To be mounted at `/v1/beacons`. The token is the only
 * credential: neither cookies nor the `Origin` play a part, so that a page of any origin may tell.
 */
export function createBeaconRoutes({ recordBeacon, clock, failedBeacons }: BeaconRoutesDeps): Router {
  const router = Router({ caseSensitive: true });

  router.post('/', async (request, response, next) => {
    const read = await readJsonRequest(request, beaconSchema, checkBeaconHeaders);
    if ('problem' in read) return next(read.problem);
    const { token, state, at } = read.body;
    const atMs = at === undefined ? null : Date.parse(at);
    const refusal = await recordBeacon({ token, state, atMs, nowMs: clock.now() });
    if (refusal === null) {
      response.status(204).end();
      return;
    }
    const failed = refusal.code === 'unauthenticated';
    next(failed ? await limitFailures(refusal, request.ip, failedBeacons) : refusal);
  });

  return router;
}
