/** Which origins may read answers across origins, and which may use a cookie. */
export interface Origins {
  /**
   * Whether a cookie may be believed: the `Origin` is the public URL's own or a configured one. A missing one is
   * not trusted, and nothing is derived from the Host header, which DNS rebinding controls; except on loopback, where
   * a gateway without a public URL has no other name, and no name but a loopback one is believed.
   *
   * @param host the `Host` header
   */
  trusts(origin: string | undefined, host: string | undefined): boolean;
  /** Headers for an answer to this `Origin`, as name, value, name, value. `Vary` is always among them. */
  headersFor(origin: string | undefined): readonly string[];
  /** Whether the origin is listed for cross-origin use. */
  allows(origin: string | undefined): boolean;
}

/** Answer headers that a script of another origin may read. */
const EXPOSED = 'ETag, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id, X-Demo';
const VARY_ONLY: readonly string[] = ['Vary', 'Origin'];

/** Host headers that no name server can have a hand in. */
const LOOPBACK_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

/**
 * @param publicUrl without a trailing slash, or null
 * @param corsOrigins exact origins, such as `https://app.example`
 * @param onLoopback true when the gateway listens on loopback only
 */
export function createOrigins(
  publicUrl: string | null,
  corsOrigins: readonly string[],
  onLoopback = false,
): Origins {
  const own = publicUrl === null ? null : new URL(publicUrl).origin;
  const headers = new Map(
    corsOrigins.map((origin) => [
      origin,
      [
        ...VARY_ONLY,
        ...['Access-Control-Allow-Origin', origin],
        ...['Access-Control-Allow-Credentials', 'true'],
        ...['Access-Control-Expose-Headers', EXPOSED],
      ],
    ]),
  );
  const byHost = onLoopback && own === null;
  return {
    trusts: (origin, host) =>
      origin !== undefined &&
      (origin === own || headers.has(origin) || (byHost && isLoopbackPage(origin, host))),
    headersFor: (origin) => (origin === undefined ? VARY_ONLY : (headers.get(origin) ?? VARY_ONLY)),
    allows: (origin) => origin !== undefined && headers.has(origin),
  };
}

function isLoopbackPage(origin: string, host: string | undefined): boolean {
  return host !== undefined && LOOPBACK_HOST.test(host) && origin === `http://${host}`;
}
