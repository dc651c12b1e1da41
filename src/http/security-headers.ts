import type { Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';

/** Helmet's headers, with a policy under which a page can load nothing that we do not serve ourselves. */
export function createSecurityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
  });
}

/**
 * What the middleware sets, as name, value, name, value: run once at start for the route that cannot afford to
 * run it on every request. Nothing in our policy depends on the request.
 */
export function captureHeaders(middleware: RequestHandler): string[] {
  const headers = new Map<string, string>();
  const response = {
    setHeader: (name: string, value: unknown) => headers.set(name, String(value)),
    removeHeader: (name: string) => headers.delete(name),
  };
  void middleware({} as Request, response as unknown as Response, () => {});
  return [...headers].flat();
}
