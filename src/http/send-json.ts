import type { RequestHandler, Response } from 'express';
import { refusedByHttp } from './problem.ts';

const JSON_TYPE = 'application/json';

/** For addresses that know JSON only. */
export const acceptsJson: RequestHandler = (request, _response, next) => {
  if (request.accepts(JSON_TYPE)) next();
  else next(refusedByHttp('not-acceptable', { detail: `This address gives ${JSON_TYPE}.` }));
};

/**
 * Answers 200 with JSON that is never kept. Not Express's own `json`, which would answer 304 to an `If-None-Match`:
 * our ETags name a state to write on, while other figures of the answer go on changing under them.
 */
export function sendFresh(response: Response, body: object): void {
  const text = JSON.stringify(body);
  response.statusCode = 200;
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', `${JSON_TYPE}; charset=utf-8`);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}
