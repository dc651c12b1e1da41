import { Router } from 'express';

/** In demo mode whoever opens the bare address of the gateway wants to see something. To be mounted at `/`. */
export function createDemoHome(): Router {
  const router = Router({ caseSensitive: true });
  router.get('/', (_request, response) => response.redirect(303, '/demo'));
  return router;
}
