import type { Caller } from '../../domain/caller.ts';

/** A guest whom a valid credential names: one browser, or one installed app, in one service. */
export interface Guest {
  /** `g_` and 32 hex digits; see `domain/guest.ts`. */
  id: string;
  /** The very same object while the credential is remembered. */
  caller: Caller;
  /** When this credential was made, whole seconds since the epoch; the guest itself may be older. */
  issuedAt: number;
  /** True when it ought to be replaced: it is older than a day, or signed with the previous secret. */
  stale: boolean;
}

/** Why a text names no guest. `guest-credential`: malformed, forged, or good for another service. */
export type GuestFailure = 'guest-credential' | 'expired';

/** Makes and reads guest credentials. They are signed, not stored: whoever holds one is that guest. */
export interface GuestCredentials {
  /** A new credential for a guest; null makes a guest who never was. */
  issue(id: string | null, service: string, nowMs: number): { id: string; credential: string };
  /** The guest, or why there is none. Never throws, whatever the text. */
  open(credential: string, service: string, nowMs: number): Guest | GuestFailure;
}

/**
 * The guest cookie of this browser. It holds one credential for each service that the browser was a guest of, so
 * that a gateway with two services does not make a new guest at every change from one to the other.
 */
export interface GuestCookie {
  /** Bound to this host by its name wherever https makes that possible. */
  readonly name: '__Host-mg_guest' | 'mg_guest';
  /**
   * The credential for a service.
   *
   * @param header the request's `Cookie` header
   */
  find(header: string | undefined, service: string): string | undefined;
  /** The cookie's new value with this credential in the place of any other of its service. */
  put(header: string | undefined, service: string, credential: string): string;
  /** The cookie's new value without the service's credential; null when nothing is left. */
  drop(header: string | undefined, service: string): string | null;
}
