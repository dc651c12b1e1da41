import { type Request, Router } from 'express';
import { type GuestAnswer, guestRequestSchema } from '../../contract/guests.ts';
import type { Clock } from '../../domain/clock.ts';
import { refused } from '../../domain/refusal.ts';
import { DEFAULT_SERVICE, type ServiceName } from '../../domain/service-name.ts';
import { untrustedOrigin } from '../../domain/untrusted-origin.ts';
import type { EnteredGuest, EnterGuest } from '../../issue/guests/enter-guest.ts';
import type { GuestCookie } from '../../issue/guests/ports.ts';
import { buildGuestSetCookie } from '../guest-set-cookie.ts';
import { readJsonRequest } from '../json-request.ts';
import { addressBlockOf } from '../limits.ts';
import type { Origins } from '../origins.ts';

export interface GuestRoutesDeps {
  enterGuest: EnterGuest;
  cookie: GuestCookie;
  origins: Origins;
  services: readonly ServiceName[];
  clock: Clock;
}

/** `POST /v1/guests`: confirms this browser's guest, or makes one. To be mounted at `/v1/guests`. */
export function createGuestRoutes({ enterGuest, cookie, origins, services, clock }: GuestRoutesDeps): Router {
  const router = Router({ caseSensitive: true });

  router.post('/', async (request, response, next) => {
    const read = await readJsonRequest(request, guestRequestSchema);
    if ('problem' in read) return next(read.problem);
    const { body } = read;
    const service = services.find((name) => name === (body.service ?? DEFAULT_SERVICE));
    if (service === undefined) return next(refused('not-found', { detail: 'There is no such service.' }));

    const shown = [body.credential, guestHeaderOf(request)].filter((each) => each !== undefined);
    const kept = cookie.find(request.headers.cookie, service);
    const wantsCookie = body.want !== 'credential';
    const trusted = origins.trusts(request.headers.origin, request.headers.host);
    // Browsers say where a POST comes from. Without a cookie to use, one that does not is no browser.
    const cookieless = kept === undefined && request.headers.origin === undefined;
    const usesCookie = wantsCookie || (kept !== undefined && shown.length === 0);
    if (usesCookie && !trusted && !cookieless) return next(untrustedOrigin());

    const entered = await enterGuest({
      service,
      offered: kept !== undefined && trusted ? [...shown, kept] : shown,
      addressBlock: addressBlockOf(request.ip),
      nowMs: clock.now(),
    });
    if (entered.outcome === 'refused') return next(entered);
    if (wantsCookie && entered.credential !== kept) {
      const value = cookie.put(request.headers.cookie, service, entered.credential);
      response.append('Set-Cookie', buildGuestSetCookie(cookie, value));
    }
    response.json(answer(entered, wantsCookie));
  });

  return router;
}

function answer(entered: EnteredGuest, wantsCookie: boolean): GuestAnswer {
  return {
    guestId: entered.guestId,
    ...(wantsCookie ? {} : { credential: entered.credential }),
    expiresAt: new Date(entered.expiresAt * 1000).toISOString(),
    created: entered.created,
  };
}

/** The credential where the token route takes it; other schemes say nothing about a guest. */
function guestHeaderOf({ headers }: Request): string | undefined {
  return /^guest +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}
