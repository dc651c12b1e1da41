import { createGuestCookie } from '../auth/guest-cookie.ts';
import { createGuestCredentials } from '../auth/guest-credentials.ts';
import { createHumanCheck } from '../auth/human-check.ts';
import { isLoopbackHost } from '../config/loopback.ts';
import type { Settings } from '../config/settings.ts';
import type { Caller } from '../domain/caller.ts';
import type { Limiter } from '../domain/limiter.ts';
import type { Refusal } from '../domain/refusal.ts';
import { createGuestRoutes, type GuestRoutesDeps } from '../http/routes/guests.ts';
import { createLinkRoutes, type LinkRoutesDeps } from '../http/routes/links.ts';
import { createEnterGuest } from '../issue/guests/enter-guest.ts';
import { createGuestAdoption } from '../issue/guests/guest-adoption.ts';
import { createLinkGuest } from '../issue/guests/link-guest.ts';
import type { GuestCookie, GuestCredentials } from '../issue/guests/ports.ts';
import type { Authenticator, GuestAdoption, HumanCheck } from '../issue/ports.ts';
import type { Person } from '../issue/resolve-identity.ts';
import type { BondLedger } from '../ledger/bonds.ts';

/** What belongs to guests and needs nothing but the settings. */
export interface GuestParts {
  cookie: GuestCookie;
  /** Null: the policy denies guests. */
  access: { credentials: GuestCredentials; cookie: GuestCookie } | null;
  /** Null: guests need no check. */
  humanCheck: HumanCheck | null;
}

export function wireGuests(settings: Settings): GuestParts {
  const { policy, className, humanCheck } = settings.guests;
  const cookie = createGuestCookie(!isLocal(settings));
  if (policy === 'deny') return { cookie, access: null, humanCheck: null };
  const credentials = createGuestCredentials({
    secrets: settings.cookieSecrets,
    className,
    rememberedMax: settings.limits.verifiedTokens,
  });
  return {
    cookie,
    access: { credentials, cookie },
    humanCheck: humanCheck === null ? null : createHumanCheck(humanCheck),
  };
}

/** Parts of the gateway that guests use as well. */
export interface GuestNeighbours {
  authenticator: Authenticator;
  resolveIdentity(caller: Caller): Person | Refusal;
  ledger: BondLedger;
  /** How often one person may ask. */
  limiter: Limiter;
  /** How many new guests there may be, by address block. */
  newGuests: Limiter;
}

export function wireGuestRoutes(
  { access, cookie }: GuestParts,
  neighbours: GuestNeighbours,
  edge: Omit<GuestRoutesDeps & LinkRoutesDeps, 'enterGuest' | 'linkGuest' | 'cookie'>,
) {
  const enterGuest = createEnterGuest({ ...neighbours, credentials: access?.credentials ?? null });
  const linkGuest = createLinkGuest({ ...neighbours, guests: access });
  return {
    guests: createGuestRoutes({ ...edge, cookie, enterGuest }),
    links: createLinkRoutes({ ...edge, cookie, linkGuest }),
  };
}

/** Adoption without being asked, where that is configured. */
export function wireGuestAdoption(
  { guests, limits }: Settings,
  { access }: GuestParts,
  parts: { resolveIdentity(caller: Caller): Person | Refusal; ledger: Pick<BondLedger, 'adopt'> },
): GuestAdoption | null {
  if (access === null || guests.adoption !== 'automatic') return null;
  return createGuestAdoption({ ...access, ...parts, rememberedMax: limits.verifiedTokens });
}

/** Whether browsers reach the gateway on this machine only, by plain http. */
export function isLocal({ publicUrl, production, listen }: Settings): boolean {
  if (publicUrl === null) return !production && isLoopbackHost(listen.host);
  const { protocol, hostname } = new URL(publicUrl);
  return protocol === 'http:' && isLoopbackHost(hostname.replace(/^\[|\]$/g, ''));
}
