import type { HumanCheck } from '../issue/ports.ts';
import { fetchJson } from './fetch-json.ts';
import { isPlainObject } from './plain-object.ts';
import { unavailable } from './unavailable.ts';

export interface HumanCheckOptions {
  /** Such as `https://challenges.cloudflare.com/turnstile/v0/siteverify`. */
  verifyUrl: string;
  secret: string;
  /** Shown to the frontend, with the provider's name. */
  siteKey: string;
  provider: string;
  /** Deadline of one call, ms. */
  timeoutMs: number;
}

/** What a token can be made of and how long it can be; the rest is not worth a call. */
const TOKEN = /^[\x21-\x7e]{1,4096}$/;

/**
 * Proof of a human for guests, by the interface that Turnstile, hCaptcha and reCAPTCHA share: a form with `secret`,
 * `response` and `remoteip` is posted, and JSON with `success` comes back.
 *
 * A provider that cannot be asked passes nobody: the answer is `identity-provider-unavailable`, which a client may
 * repeat, and guests who are counted this month already are served meanwhile.
 *
 * https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
 */
export function createHumanCheck(
  { verifyUrl, secret, siteKey, provider, timeoutMs }: HumanCheckOptions,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): HumanCheck {
  return {
    required: ({ via }) => via === 'guest',
    verifyDetails: Object.freeze({ provider, siteKey }),
    async verify(humanToken, remoteAddress) {
      if (!TOKEN.test(humanToken)) return false;
      const form = new URLSearchParams({ secret, response: humanToken });
      if (remoteAddress !== undefined) form.set('remoteip', remoteAddress);
      const { status, body } = await fetchJson(verifyUrl, {
        fetch,
        timeoutMs,
        method: 'POST',
        body: form,
      }).catch((error: unknown) => {
        throw unavailable(`human check at ${provider}: ${String(error)}`, error);
      });
      if (status !== 200) throw unavailable(`human check at ${provider} answered with status ${status}`);
      if (!isPlainObject(body))
        throw unavailable(`human check at ${provider}: the answer is not a JSON object`);
      return body['success'] === true;
    },
  };
}
