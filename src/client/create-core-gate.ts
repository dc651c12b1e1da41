import type { CoreGate, CoreGateOptions, GateEvents } from './chat-gate.ts';
import { createGateMachine } from './create-gate-machine.ts';
import { ChatGateError } from './error.ts';
import { nameOf } from './name-of.ts';
import type { SdkClientLike } from './sdk.ts';
import { within } from './within.ts';

/**
 * The gate without what not everybody needs: it shares nothing between tabs, sends no beacons and counts nothing unread.
 * Making it does nothing at all.
 */
export function createCoreGate<C extends SdkClientLike>(options: CoreGateOptions<C>): CoreGate<C> {
  const listeners = new Set<{ event: keyof GateEvents; listener(told: never): void }>();
  let retained = 0;
  let waiters = 0;
  /** The name of who is signed in; empty for nobody, undefined before it was asked. */
  let person: string | undefined;

  function emit<E extends keyof GateEvents>(event: E, told: GateEvents[E]): void {
    for (const each of listeners) {
      // Later, so that a listener that throws is nobody's trouble but its own.
      if (each.event === event) void Promise.resolve(told as never).then(each.listener);
    }
  }

  /** Whatever was another person's ends. */
  function checkPerson(): void {
    const before = person;
    person = nameOf(options.user);
    if (before !== undefined && before !== person) void forget();
  }

  const { join, take, leave, forget, client, snapshot } = createGateMachine<C>(options, emit, checkPerson);

  function checkOpen(signal: AbortSignal | undefined): void {
    if (signal?.aborted) throw new ChatGateError('aborted');
    if (snapshot().phase === 'closed') throw new ChatGateError('closed');
    checkPerson();
  }

  const on: CoreGate<C>['on'] = (event, listener, { signal } = {}) => {
    const entry = { event, listener };
    const off = () => {
      listeners.delete(entry);
    };
    if (!signal?.aborted) listeners.add(entry);
    signal?.addEventListener('abort', off);
    return off;
  };

  return {
    async connect({ signal, timeoutMs, intent = 'open_chat' } = {}) {
      checkOpen(signal);
      waiters += 1;
      try {
        return await within(join(intent), timeoutMs, signal);
      } finally {
        waiters -= 1;
        // Making a client for nobody would bill for nothing.
        if (waiters + retained === 0 && snapshot().phase === 'loading') void leave();
      }
    },
    retain() {
      let held = 1;
      retained += held;
      return () => {
        retained -= held;
        held = 0;
        // Somebody may come in the same breath: a strict double mount, a hot reload.
        setTimeout(() => retained || leave());
      };
    },
    peek: client,
    async getToken({ force, signal } = {}) {
      checkOpen(signal);
      return within(take(force), 0, signal);
    },
    disconnect: () => leave(),
    switchUser: forget,
    close: () => leave('closed'),
    subscribe: (listener) => on('phase', listener),
    getSnapshot: snapshot,
    on,
  };
}
