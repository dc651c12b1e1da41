import { createAttempts } from './create-attempts.ts';

export interface RepeatOptions {
  /** Pause before each turn, the first one too, ms. */
  everyMs: number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** The signal tells that it should come to an end. A turn that fails is followed by the next one. */
  turn(signal: AbortSignal): Promise<unknown>;
  /** Takes what a turn threw, but not again while the next ones throw the same, and nothing after a stop. */
  onFailure(failure: unknown): void;
}

/** Work that is done again and again, one turn after the other, until it is stopped. */
export interface Repeated {
  /** Aborted by {@link Repeated.stop}. */
  readonly signal: AbortSignal;
  start(): void;
  /** Resolves when no turn is under way any more. */
  stop(): Promise<void>;
}

export function repeat({ everyMs, sleep, turn, onFailure }: RepeatOptions): Repeated {
  const stopping = new AbortController();
  const { signal } = stopping;
  const attempt = createAttempts();
  let running: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await sleep(everyMs, signal);
      if (signal.aborted) return;
      await attempt(
        'turn',
        () => turn(signal),
        (failure) => {
          if (!signal.aborted) onFailure(failure);
        },
      );
    }
  }

  return {
    signal,
    start() {
      running = run();
    },
    stop() {
      stopping.abort();
      return running;
    },
  };
}
