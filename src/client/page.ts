import type { ChatGateError } from './error.ts';

/** What the tab looks like to its user. */
export type TabState = 'focused' | 'visible' | 'hidden';

/** What the page may do to the gate that it watches for. */
export interface PagePort {
  /** Does what is due, and goes on with what was paused. */
  look(): void;
  /** Lets go of the connection until the page is looked at, if there is one. */
  leave(): void;
  /** The network came back. */
  renew(): void;
  /** The connection that is being made cannot be. */
  interrupt(error: ChatGateError): void;
}

/** Where the gate lives, and who looks at it. `watchPage()` is a browser's; React Native has one of its own. */
export interface Page {
  tabState(): TabState;
  /** False only when there is certainly no network. */
  isOnline(): boolean;
  /** Whether somebody used it in the last five minutes; nobody did, where it cannot tell. */
  isUsed?(): boolean;
  /**
   * How long a connection may stay, ms; 0 or less: not at all.
   *
   * @param serverNowMs the server's clock, by which months turn
   */
  leftMs(serverNowMs: number): number;
  /** Somebody asked for a connection, and is there to see it. */
  wake(): void;
  /** Tells the gate from now on; the answer stops it. */
  watch(port: PagePort): () => void;
}

/** Timers hold no more than 24 days; a day is enough, after which one asks again. */
export const LEFT_MS_MAX = 86_400_000;

/** Where nothing is known of the page, such as in a program. */
export const ALWAYS_SEEN: Page = {
  tabState: () => 'focused',
  isOnline: () => true,
  leftMs: () => LEFT_MS_MAX,
  wake: () => {},
  watch: () => () => {},
};
