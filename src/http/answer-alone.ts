import type { NextFunction, Response } from 'express';
import { goneSignal } from './gone-signal.ts';
import { createOneAtATime } from './one-at-a-time.ts';
import { isProblem, type Problem } from './problem.ts';
import { sendFresh } from './send-json.ts';

/** Answers with what the work makes, and with nothing when the one who asked went away before. */
export type AnswerAlone = (
  response: Response,
  next: NextFunction,
  work: (signal: AbortSignal) => Promise<object | Problem>,
) => Promise<void>;

/**
 * For answers that take a whole month to make: one at a time, and for nobody who went away.
 *
 * @param busy what the one who asks meanwhile is told
 */
export function createAnswerAlone(busy: string): AnswerAlone {
  const alone = createOneAtATime(busy);
  return async (response, next, work) => {
    const signal = goneSignal(response);
    const made = await alone(() => work(signal)).catch((error: unknown) => {
      if (signal.aborted) return null;
      throw error;
    });
    if (made === null) return;
    if (isProblem(made)) return next(made);
    sendFresh(response, made);
  };
}
