import type { WebhookSignatures } from '../signals/ports.ts';

/**
 * Checks signatures by Twilio's own validator, with the current Auth Token and then the previous one, so that rotating
 * it loses no event. The library is loaded here and not before; see `open-twilio.ts`.
 */
export function createWebhookSignatures(authTokens: readonly string[]): WebhookSignatures {
  const loaded = import('twilio').then(({ default: twilio }) => twilio);
  loaded.catch(() => {});
  return {
    async verify(signature, url, params) {
      const { validateRequest } = await loaded;
      // What is no URL at all was never signed; the validator would throw.
      if (!URL.canParse(url)) return false;
      return authTokens.some((authToken) => validateRequest(authToken, signature, url, params));
    },
    async verifyBody(signature, url, body) {
      const { validateRequestWithBody } = await loaded;
      if (!URL.canParse(url)) return false;
      const text = body.toString('utf8');
      return authTokens.some((authToken) => validateRequestWithBody(authToken, signature, url, text));
    },
  };
}
