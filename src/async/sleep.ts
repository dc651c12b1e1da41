import { setTimeout as wait } from 'node:timers/promises';

/** Resolves after so many ms, or at once when the signal is aborted; never rejects. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return wait(ms, undefined, { signal }).catch(() => {});
}

/** The same, for waits that must not keep a process from ending. */
export function sleepIdly(ms: number, signal: AbortSignal): Promise<void> {
  return wait(ms, undefined, { signal, ref: false }).catch(() => {});
}
