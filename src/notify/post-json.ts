import type { SendOutcome } from '../alerts/ports.ts';

export interface JsonPost {
  url: string;
  headers: Record<string, string>;
  /** JSON. */
  body: string;
  /** From the first byte sent to the headers of the answer, ms. */
  timeoutMs: number;
  /** ms since the epoch, for a `Retry-After` that names a date. */
  nowMs: number;
  /** Cuts the attempt off. */
  signal: AbortSignal;
}

/**
 * Posts once. Only the status of the answer and its `Retry-After` matter; the body is never read. Redirects are not
 * followed: whoever controls one would choose where our alerts go.
 */
export async function postJson({ url, headers, body, ...post }: JsonPost): Promise<SendOutcome> {
  const deadline = AbortSignal.timeout(post.timeoutMs);
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'mau-guard', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([deadline, post.signal]),
    });
  } catch (error) {
    if (post.signal.aborted) return { outcome: 'cut-off', error: 'cut off, because the gateway stopped' };
    return failed(deadline.aborted ? `no answer within ${post.timeoutMs} ms` : reasonOf(error));
  }
  // Not awaited: a body that never ends must not hold us.
  response.body?.cancel().catch(() => {});
  if (response.ok) return { outcome: 'delivered' };
  const error = `answered ${response.status}`;
  if (response.status === 410) return { outcome: 'unwanted', error };
  const waits = response.status === 429 || response.status === 503;
  return failed(error, waits ? parseRetryAfter(response.headers.get('retry-after'), post.nowMs) : null);
}

function failed(error: string, retryAfterMs: number | null = null): SendOutcome {
  return { outcome: 'failed', error, retryAfterMs };
}

/** Only a code: the texts of these errors may hold the address, and the address of a webhook is a secret. */
function reasonOf(error: unknown): string {
  const { code } = ((error as Error).cause ?? error) as { code?: unknown };
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,63}$/.test(code)
    ? `could not connect: ${code}`
    : 'could not connect';
}

/** RFC 9110: whole seconds, or a date. Null when it is absent or neither. */
function parseRetryAfter(text: string | null, nowMs: number): number | null {
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // Without the zone nearly anything is a date to `Date.parse`.
  const at = text.endsWith(' GMT') ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
