import type { BrowserPage } from '../index.ts';

/** A tab that does what it is told; for `watchPage({}, fakeBrowser)`. */
export interface FakeBrowser extends BrowserPage {
  hide(): void;
  show(): void;
  /** Another window has the focus; the tab is still seen. */
  blur(): void;
  /** A sign of its user. */
  press(): void;
  goOffline(): void;
  goOnline(): void;
  /** Into the browser's history, and back out of it. */
  freeze(): void;
  thaw(): void;
  /** Its policy stops a connection; with `report` it only tells of it. */
  forbid(blockedURI: string, disposition?: 'enforce' | 'report'): void;
}

export function createFakeBrowser(): FakeBrowser {
  const listeners = new Map<string, Set<(event: { type: string }) => void>>();
  const page = { visibilityState: 'visible', focused: true, hasFocus: () => page.focused };
  const navigator = { onLine: true };

  function fire(type: string, more: object = {}): void {
    for (const listener of [...(listeners.get(type) ?? [])]) listener({ type, ...more });
  }

  return {
    document: page,
    navigator,
    addEventListener(type, listener) {
      listeners.set(type, (listeners.get(type) ?? new Set()).add(listener));
    },
    removeEventListener(type, listener) {
      listeners.get(type)?.delete(listener);
    },
    hide() {
      Object.assign(page, { visibilityState: 'hidden', focused: false });
      fire('visibilitychange');
    },
    show() {
      Object.assign(page, { visibilityState: 'visible', focused: true });
      fire('visibilitychange');
    },
    blur() {
      page.focused = false;
      fire('blur');
    },
    press: () => fire('keydown'),
    goOffline() {
      navigator.onLine = false;
      fire('offline');
    },
    goOnline() {
      navigator.onLine = true;
      fire('online');
    },
    freeze: () => fire('pagehide', { persisted: true }),
    thaw: () => fire('pageshow', { persisted: true }),
    forbid: (blockedURI, disposition = 'enforce') =>
      fire('securitypolicyviolation', { blockedURI, disposition }),
  };
}
