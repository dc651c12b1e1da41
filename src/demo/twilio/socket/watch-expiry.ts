import type { FakeClock } from './fake-clock.ts';

/** How long before its end a client is told that its token ends, ms. Documented as the final three minutes. */
const WARNING_MS = 180_000;

export interface ExpiryListener {
  onAboutToExpire(): void;
  onExpired(): void;
}

/**
 * Tells of a token's end, three minutes before and when it comes. A token shorter than the warning brings none, as was
 * seen of Twilio at 180 s. The answer ends the watch.
 *
 * @param expiresAt ms since the epoch
 */
export function watchExpiry(clock: FakeClock, expiresAt: number, listener: ExpiryListener): () => void {
  const left = expiresAt - clock.now();
  const undo = [clock.after(left, () => listener.onExpired())];
  if (left > WARNING_MS) undo.push(clock.after(left - WARNING_MS, () => listener.onAboutToExpire()));
  return () => {
    for (const take of undo) take();
  };
}
