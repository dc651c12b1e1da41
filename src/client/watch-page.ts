import { ChatGateError } from './error.ts';
import { LEFT_MS_MAX, type Page } from './page.ts';

export interface PresenceOptions {
  /** A tab hidden for so long lets go of its connection. 300,000 unless told; 0: at once; false: never. */
  readonly hiddenDisconnectMs?: number | false | undefined;
  /** Hidden and idle tabs let go of it five minutes before a UTC month turns, so that they cost nothing in the next. True unless told. */
  readonly monthGuard?: boolean | undefined;
  /** A visible tab without a sign of its user for so long lets go as well. False, which is never, unless told. */
  readonly idleDisconnectMs?: number | false | undefined;
}

/** What an event tells, as far as it matters. */
export interface Happening {
  readonly type: string;
  readonly persisted?: boolean;
  readonly blockedURI?: string;
  readonly disposition?: string;
}

type Listen = (type: string, listener: (event: Happening) => void, capture: boolean) => void;

/** The few things of a browser that are used; where there are none the page is always visible. */
export interface BrowserPage {
  document?: { visibilityState: string; hasFocus(): boolean };
  navigator?: { onLine?: boolean };
  addEventListener?: Listen;
  removeEventListener?: Listen;
}

/** The window sees what happens to its document as well. */
const EVENTS = [
  'visibilitychange',
  'focus',
  'blur',
  'pointerdown',
  'keydown',
  'online',
  'pagehide',
  'pageshow',
  'securitypolicyviolation',
];
/** Months turn by the server's clock; five minutes before and after are the same. */
const TURN_MS = 300_000;

/**
 * The browser's page: who looks at it, and when its connection is better let go of.
 *
 * @param browser for tests
 * @param socketUri of the SDK's socket, where that is not Twilio's
 */
export function watchPage(
  options: PresenceOptions = {},
  browser = globalThis as unknown as BrowserPage,
  socketUri?: string,
): Page {
  const { hiddenDisconnectMs = TURN_MS, monthGuard = true, idleDisconnectMs } = options;
  let hiddenSince = 0;
  let activeAt = 0;

  const tabState: Page['tabState'] = () => {
    const { document } = browser;
    if (document?.visibilityState === 'hidden') return 'hidden';
    return document?.hasFocus() === false ? 'visible' : 'focused';
  };

  function note(): boolean {
    const hidden = tabState() === 'hidden';
    if (!hidden) activeAt = Date.now();
    hiddenSince = hidden ? hiddenSince || Date.now() : 0;
    return hidden;
  }

  return {
    tabState,
    isUsed: () => tabState() !== 'hidden' && Date.now() - activeAt < TURN_MS,
    isOnline: () => browser.navigator?.onLine !== false,
    leftMs(serverNowMs) {
      const hidden = tabState() === 'hidden';
      const limitMs = hidden ? (hiddenDisconnectMs === 0 ? 1 : hiddenDisconnectMs) : idleDisconnectMs;
      const quietMs = Date.now() - (hidden ? hiddenSince : activeAt);
      const leftMs = limitMs ? limitMs - quietMs : LEFT_MS_MAX;
      // At the turn of a month whoever is at the page may stay.
      const guardedMs = Math.max(turnLeftMs(serverNowMs), hidden ? 0 : TURN_MS - quietMs);
      return Math.min(LEFT_MS_MAX, leftMs, monthGuard ? guardedMs : leftMs);
    },
    wake() {
      hiddenSince = 0;
      note();
      activeAt = Date.now();
    },
    watch(port) {
      const listener = ({ type, persisted, blockedURI, disposition }: Happening) => {
        if (type === 'pagehide') return port.leave();
        if (type === 'securitypolicyviolation') {
          const host = hostOf(blockedURI);
          const isOurs = host && (host === hostOf(socketUri) || host.endsWith('.twilio.com'));
          // A policy that only reports has stopped nothing.
          if (isOurs && disposition !== 'report') port.interrupt(new ChatGateError('csp_blocked'));
          return;
        }
        if (type === 'pageshow' && !persisted) return;
        note();
        if (type === 'online') port.renew();
        port.look();
      };
      for (const type of EVENTS) browser.addEventListener?.(type, listener, true);
      return () => {
        for (const type of EVENTS) browser.removeEventListener?.(type, listener, true);
      };
    },
  };
}

/** The host of a socket's address; undefined for any other. */
function hostOf(uri = ''): string | undefined {
  return /^wss?:\/\/([^/]+)/.exec(uri)?.[1];
}

/** How long until the minutes around the next turn of a UTC month; 0 or less within them. */
function turnLeftMs(nowMs: number): number {
  const at = (ms: number) => new Date(nowMs + ms);
  if (at(TURN_MS).getUTCMonth() !== at(-TURN_MS).getUTCMonth()) return 0;
  return Date.UTC(at(0).getUTCFullYear(), at(0).getUTCMonth() + 1) - TURN_MS - nowMs;
}
