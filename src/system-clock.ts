import type { Clock } from './domain/clock.ts';

/** The machine's clock. Nobody else may read it. */
export const systemClock: Clock = { now: () => Date.now() };
