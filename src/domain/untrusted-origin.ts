import { type Refusal, refused } from './refusal.ts';

/**
 * The refusal of a cookie from a page, or a program, that is not trusted with cookies: a browser sends them along with
 * requests that other sites make it send.
 */
export function untrustedOrigin(): Refusal {
  return refused('forbidden', {
    detail:
      'A cookie is used only with an Origin header of the gateway itself or of CORS_ORIGINS. ' +
      'Other pages and programs send a credential in the Authorization header.',
  });
}
