import { setTimeout as pause } from 'node:timers/promises';
import type { PageSource } from '../pages.ts';
import type { Copies } from './copies.ts';
import type { Coverage } from './coverage.ts';
import type { LostDataEvent } from './ports.ts';
import { readPulse } from './read-pulse.ts';
import { readStoreClock } from './store-clock.ts';

/** Of a store that answers; then newcomers are let in whatever is missing. */
const ATTEMPTS = 30;

export interface TellOptions {
  copies: Copies;
  coverage: Coverage;
  /** From one attempt to the next, ms. */
  lookMs: number;
  /** True once nobody wants to know any more. */
  isOver(): boolean;
}

/** Tells a store that lost data of a service what this process knows, and answers what came of it; null when it is over. */
export async function tellStore(
  source: PageSource,
  { copies, coverage, lookMs, isOver }: TellOptions,
): Promise<LostDataEvent | null> {
  const { service } = source;
  const startedAt = performance.now();
  for (let failed = 0; !isOver(); await pause(lookMs, undefined, { ref: false })) {
    try {
      const above = coverage.upTo(await readPulse(source, []));
      const people = await copies.restore(source, { above, isOver });
      if (isOver()) return null;
      return { event: 'restored', service, people, durationMs: performance.now() - startedAt };
    } catch (error) {
      // A store that is away again has not failed: nobody is let in meanwhile.
      const answers = await readStoreClock(source).then(
        () => true,
        () => false,
      );
      if (answers && ++failed === ATTEMPTS) {
        copies.drop(service);
        return { event: 'not-restored', service, reason: String(error) };
      }
    }
  }
  return null;
}
