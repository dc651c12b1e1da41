import type { RequestHandler } from 'express';
import { buildOpenApi } from './document.ts';

/** `GET /openapi.json`. Built at the first request: it costs a start nothing, and later ones a string. */
export function serveOpenApi(publicUrl: string | null): RequestHandler {
  let text: string | null = null;
  return (_req, res) => {
    text ??= JSON.stringify(buildOpenApi(publicUrl));
    res.setHeader('Cache-Control', 'public, max-age=300');
    res.type('json').send(text);
  };
}
