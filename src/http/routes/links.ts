import { Router } from 'express';
import { type LinkAnswer, linkRequestSchema } from '../../contract/guests.ts';
import type { Clock } from '../../domain/clock.ts';
import { refused } from '../../domain/refusal.ts';
import { DEFAULT_SERVICE, type ServiceName } from '../../domain/service-name.ts';
import type { LinkGuest } from '../../issue/guests/link-guest.ts';
import type { GuestCookie } from '../../issue/guests/ports.ts';
import { readCredentials } from '../credentials.ts';
import { buildGuestSetCookie } from '../guest-set-cookie.ts';
import { readJsonRequest } from '../json-request.ts';
import { limitFailures } from '../limits.ts';
import type { Origins } from '../origins.ts';
import { enterFor, type FailedAuthentications } from '../outside-calls.ts';

export interface LinkRoutesDeps {
  linkGuest: LinkGuest;
  cookie: GuestCookie;
  origins: Origins;
  services: readonly ServiceName[];
  clock: Clock;
  /** Counts requests that failed to authenticate, by address block. */
  failedAuthentications: FailedAuthentications;
}

/** `POST /v1/links`: a member takes over the guest that their browser was. To be mounted at `/v1/links`. */
export function createLinkRoutes(deps: LinkRoutesDeps): Router {
  const { linkGuest, cookie, origins, services, clock, failedAuthentications } = deps;
  const router = Router({ caseSensitive: true });

  router.post('/', async (request, response, next) => {
    const read = await readJsonRequest(request, linkRequestSchema);
    if ('problem' in read) return next(read.problem);
    const { body } = read;
    const service = services.find((name) => name === (body.service ?? DEFAULT_SERVICE));
    if (service === undefined) return next(refused('not-found', { detail: 'There is no such service.' }));

    const linked = await linkGuest({
      service,
      credentials: readCredentials(
        request,
        origins,
        service,
        enterFor(failedAuthentications, request, ({ ip }) => ip),
      ),
      guestCredential: body.credential,
      nowMs: clock.now(),
    });
    if (linked.outcome === 'refused') {
      const failed = linked.code === 'unauthenticated';
      return next(failed ? await limitFailures(linked, request.ip, failedAuthentications) : linked);
    }
    if (linked.forgetCookie) {
      const left = cookie.drop(request.headers.cookie, service);
      response.append('Set-Cookie', buildGuestSetCookie(cookie, left));
    }
    const answer: LinkAnswer = { identity: linked.identity, outcome: linked.link, reason: linked.reason };
    response.json(answer);
  });

  return router;
}
