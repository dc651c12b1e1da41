import { ChatGateError } from './error.ts';
import { nameOf } from './name-of.ts';
import type { Page } from './page.ts';
import { type RequestOptions, requestJson } from './request.ts';

export interface UnreadSnapshot {
  /** Null until it is known. */
  readonly count: number | null;
  /** When the gateway counted, ms since the epoch. */
  readonly asOf: number | null;
  /** Whether the last request failed, so that the count may be old. */
  readonly stale: boolean;
}

/** A number of unread messages without a connection, to be used with `useSyncExternalStore`. */
export interface UnreadCount {
  /** Asks while somebody listens and the page is visible. */
  subscribe(listener: () => void): () => void;
  getSnapshot(): UnreadSnapshot;
  refresh(): Promise<void>;
  /** Forgets the count: another person is at the page. */
  reset(): void;
}

export interface UnreadOptions extends RequestOptions {
  /** Of the gateway's `/v1/me/unread`. */
  readonly url: string | { toString(): string };
  /** Time between two requests; grows up to 5 minutes while nothing changes. 30,000 unless told; false: only when asked. */
  readonly pollMs?: number | false | undefined;
  /** Names who is signed in, as for the gate, whose own it is unless told; another name forgets the count. */
  readonly user?: (() => string | undefined) | undefined;
}

const UNKNOWN: UnreadSnapshot = { count: null, asOf: null, stale: false };

const noop = () => {};

const POLL_MS_MAX = 300_000;

/** Polls `GET /v1/me/unread`, which makes nobody active. */
export function pollUnread(page: Page, options: UnreadOptions): UnreadCount {
  const { pollMs = 30_000, user } = options;
  const listeners = new Set<() => void>();
  let snapshot = UNKNOWN;
  let etag: string | null = null;
  let waitMs = pollMs || POLL_MS_MAX;
  let dueAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let leavePage = () => {};
  let flight: Promise<void> | undefined;
  /** The login or the address is wrong; time alone does not mend that. */
  let stopped = false;
  /** Grows when the person changes, so that nobody sees the number of somebody else. */
  let person = 0;
  /** Whose the count is; undefined before anybody was asked for. */
  let name: string | undefined;

  function set(next: Partial<UnreadSnapshot>): void {
    snapshot = { ...snapshot, ...next };
    for (const listener of [...listeners]) listener();
  }

  async function ask(): Promise<void> {
    const mine = person;
    try {
      const headers: Record<string, string> = etag ? { 'If-None-Match': etag } : {};
      const { json, headers: said } = await requestJson(String(options.url), options, { headers });
      if (mine !== person) return;
      const { unread, asOf } = (json ?? {}) as { unread?: unknown; asOf?: unknown };
      if (json && typeof unread !== 'number') {
        throw new ChatGateError('not_a_gateway');
      }
      const changed = json !== undefined && unread !== snapshot.count;
      waitMs = changed ? pollMs || POLL_MS_MAX : Math.min(POLL_MS_MAX, waitMs * 1.5);
      stopped = false;
      if (json) {
        etag = said.get('ETag');
        set({ count: unread as number, asOf: Date.parse(String(asOf)) || null, stale: false });
      } else if (snapshot.stale) set({ stale: false });
    } catch (error) {
      if (mine !== person) return;
      waitMs = Math.min(POLL_MS_MAX, waitMs * 2);
      const { retryable, retryAt = 0 } = error as Partial<ChatGateError>;
      waitMs = Math.max(waitMs, retryAt - Date.now());
      stopped = retryable === false;
      if (!snapshot.stale) set({ stale: true });
    } finally {
      if (mine === person) {
        dueAt = Date.now() + waitMs * (0.9 + 0.2 * Math.random());
        flight = undefined;
        look();
      }
    }
  }

  function checkPerson(): void {
    const before = name;
    name = nameOf(user);
    if (before !== undefined && before !== name) reset();
  }

  function reset(): void {
    person += 1;
    flight = undefined;
    etag = null;
    dueAt = 0;
    stopped = false;
    waitMs = pollMs || POLL_MS_MAX;
    set(UNKNOWN);
    look();
  }

  function refresh(): Promise<void> {
    checkPerson();
    flight ??= ask();
    return flight;
  }

  /** Asks if it is time, and sets the alarm for when it will be. Hidden pages have neither. */
  function look(): void {
    checkPerson();
    clearTimeout(timer);
    if (listeners.size === 0 || pollMs === false || stopped || page.tabState() === 'hidden') return;
    const leftMs = dueAt - Date.now();
    if (leftMs > 0) timer = setTimeout(look, Math.min(leftMs, POLL_MS_MAX));
    else if (page.isOnline()) void refresh();
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) {
        leavePage = page.watch({ look, leave: noop, renew: noop, interrupt: noop });
        look();
      }
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return;
        leavePage();
        clearTimeout(timer);
      };
    },
    getSnapshot: () => (name === undefined || name === nameOf(user) ? snapshot : UNKNOWN),
    refresh,
    reset,
  };
}
