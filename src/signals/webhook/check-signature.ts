import type { WebhookEventSink } from '../ports.ts';

/** A request of Twilio with everything that its signature may be made over. */
export interface SignedRequest {
  /** Header `X-Twilio-Signature`, null when it is missing. */
  signature: string | null;
  /** The address that Twilio must have signed: PUBLIC_URL with path and query. */
  url: string;
  /** Other addresses that it may have signed instead; only to tell the operator what is set up wrongly. */
  otherUrls: () => readonly string[];
  nowMs: number;
}

/**
 * Whether the request is signed for our address. A signature that is right for another one is told to the operator,
 * with both addresses.
 *
 * @param verify whether a signature is right for an address, by Twilio's own validator
 */
export type CheckSignature = (
  request: SignedRequest,
  verify: (signature: string, url: string) => Promise<boolean>,
) => Promise<'signed' | 'bad-signature' | 'wrong-url'>;

/** HMAC-SHA1 in base64. */
const SIGNATURE = /^[A-Za-z0-9+/]{27}=$/;
/** Looking for the address that was signed costs many signatures, and everybody can ask for it. */
const DIAGNOSIS_PAUSE_MS = 1_000;

export function createCheckSignature(onEvent: WebhookEventSink): CheckSignature {
  let diagnosedAt = Number.NEGATIVE_INFINITY;

  return async ({ signature, url, otherUrls, nowMs }, verify) => {
    if (signature === null || !SIGNATURE.test(signature)) return 'bad-signature';
    if (await verify(signature, url)) return 'signed';
    if (Math.abs(nowMs - diagnosedAt) < DIAGNOSIS_PAUSE_MS) return 'bad-signature';
    diagnosedAt = nowMs;
    for (const other of otherUrls()) {
      if (!(await verify(signature, other))) continue;
      onEvent({ kind: 'wrong-url', signedUrl: bare(other), expectedUrl: bare(url) });
      return 'wrong-url';
    }
    return 'bad-signature';
  };
}

/** Queries are not logged. */
function bare(url: string): string {
  return url.replace(/[?#].*$/s, '');
}
