import type { RequestHandler } from 'express';
import type { Readiness } from '../readiness.ts';

/** `GET /livez`: the event loop turns. Touches nothing, so that a sick dependency never gets the process killed. */
export const livez: RequestHandler = (_req, res) => {
  res.type('text/plain').send('ok\n');
};

/**
 * `GET /readyz`: 200 or 503; the status is the answer, so it is plain text in both cases. `?verbose` adds a line
 * per check.
 */
export function createReadyz(readiness: Readiness): RequestHandler {
  return async (req, res) => {
    const { ready, lines } = await readiness.check();
    const verdict = ready ? 'ready' : 'not ready';
    const verbose = 'verbose' in req.query;
    res
      .status(ready ? 200 : 503)
      .type('text/plain')
      .send(`${(verbose ? [...lines, verdict] : [verdict]).join('\n')}\n`);
  };
}
