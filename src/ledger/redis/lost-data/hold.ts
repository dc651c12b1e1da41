import type { WatchTimes } from './ports.ts';

/** What is known of the other gateways, as a look found it. */
export interface RollCall {
  /** All of them have looked at the server that answered. */
  haveLooked: boolean;
  /** All of them, and this one, have told what they knew under the epoch that holds. */
  haveTold: boolean;
}

/** A process that slept for so long, or a store that nobody could look at, may have missed anything. */
const STALE_MS = 5_000;

/**
 * Whether newcomers of a service wait, because a store may lack people whom some gateway has seen. They wait until it is
 * known that every gateway has looked, and told what was missing; the fixed times are for when that cannot be known.
 *
 * Instants are monotonic, ms.
 */
export class Hold {
  readonly #times: WatchTimes;
  /** The server that everybody has looked at, or was waited for long enough; null before the first. */
  #server: string | null = null;
  /** The one that is being looked at in its place. */
  #meeting: string | null = null;
  #meetUntil = 0;
  #tellUntil = 0;
  #lookedAt: number | null = null;

  constructor(times: WatchTimes) {
    this.#times = times;
  }

  /** Whether this is another server than the one that everybody has looked at. */
  isOther(server: string): boolean {
    return server !== this.#server;
  }

  waits(now: number): boolean {
    const isStale = this.#lookedAt !== null && now - this.#lookedAt > STALE_MS;
    return isStale || now < this.#meetUntil || this.isTelling(now);
  }

  /** While some gateway may still put back what the store has lost. */
  isTelling(now: number): boolean {
    return now < this.#tellUntil;
  }

  /** A connection is new, so another server may be behind it. */
  connected(now: number): void {
    if (this.#server !== null) this.#meetUntil = now + this.#times.otherServerMs;
  }

  /** A call failed, so another server may answer the next one. A server without a name would never be told from it. */
  failed(now: number): void {
    if (this.#server !== '') this.connected(now);
  }

  lossAnnounced(agoMs: number, now: number): void {
    this.#tellUntil = now + Math.max(0, this.#times.settleMs - agoMs);
  }

  looked(server: string, { haveLooked, haveTold }: RollCall, now: number): void {
    this.#lookedAt = now;
    if (haveTold) this.#tellUntil = 0;
    if (server === '') this.#server ??= '';
    else if (server === this.#server) this.#settle(server);
    else this.#meet(server, haveLooked, now);
  }

  #meet(server: string, haveLooked: boolean, now: number): void {
    if (this.#meeting !== server) {
      this.#meeting = server;
      this.#meetUntil = now + this.#times.otherServerMs;
    }
    if (haveLooked || now >= this.#meetUntil) this.#settle(server);
  }

  #settle(server: string): void {
    this.#server = server;
    this.#meeting = null;
    this.#meetUntil = 0;
  }
}
