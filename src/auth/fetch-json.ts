/** Far above any real key set, session or introspection answer. */
export const BODY_BYTES_MAX = 64 * 1024;

/** In characters, of a content type. */
const SHOWN_LENGTH_MAX = 100;

export interface JsonRequest {
  fetch: typeof globalThis.fetch;
  /** From the first byte sent to the last byte read, ms. */
  timeoutMs: number;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: URLSearchParams;
}

export interface JsonAnswer {
  status: number;
  /** Parsed when the status is 200, else undefined. */
  body: unknown;
}

/**
 * Asks an outside service for JSON. Redirects are not followed: the one who controls a redirect would
 * otherwise choose where our secrets go and whose keys we trust.
 *
 * @throws Error when there is no answer in time, or a 200 whose body is too large or not JSON
 */
export async function fetchJson(url: string, request: JsonRequest): Promise<JsonAnswer> {
  const response = await request.fetch(url, {
    method: request.method ?? 'GET',
    headers: { accept: 'application/json', ...request.headers },
    ...(request.body === undefined ? {} : { body: request.body }),
    redirect: 'manual',
    signal: AbortSignal.timeout(request.timeoutMs),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    return { status: response.status, body: undefined };
  }
  return { status: 200, body: parseJson(await readBounded(response), response.headers.get('content-type')) };
}

/** Says of a page what it is, not what stands in it: that may be anybody's. */
function parseJson(text: string, contentType: string | null): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const what = text === '' ? 'empty' : (contentType?.slice(0, SHOWN_LENGTH_MAX) ?? 'of no type');
    throw new Error(`the answer is ${what}, not JSON`);
  }
}

/** Counts what arrives, since a declared length can be absent or a lie. Throwing closes the connection. */
async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > BODY_BYTES_MAX) throw new Error(`the answer is larger than ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
}
