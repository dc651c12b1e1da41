import type { Response } from 'express';

/** Aborted when the one who asked goes away before the answer, so that long work need not go on for nobody. */
export function goneSignal(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
