import { ChatGateError, passing } from './error.ts';

/**
 * What the promise gives, unless the time is up or the signal aborts before; the work itself goes on.
 *
 * @param ms no deadline unless told
 * @throws ChatGateError `connect_timeout`, `aborted`
 */
export function within<T>(promise: Promise<T>, ms?: number, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new ChatGateError('aborted'));
    const late = () => reject(passing('connect_timeout'));
    const timer = ms ? setTimeout(late, ms) : undefined;
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    const settled = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    void promise.then(resolve, reject).then(settled);
  });
}
