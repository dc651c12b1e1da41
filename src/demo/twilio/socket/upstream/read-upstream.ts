/** A tunnelled request as the frame's header names it; null for anything else. */
export function readUpstream(request: unknown): { method: string; url: URL } | null {
  if (typeof request !== 'object' || request === null) return null;
  const { host, path, method, params } = request as Record<string, unknown>;
  if (typeof host !== 'string' || typeof path !== 'string' || typeof method !== 'string') return null;
  try {
    const url = new URL(`https://${host}${path}`);
    for (const [name, value] of Object.entries(params ?? {})) {
      for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(one));
    }
    return { method, url };
  } catch {
    return null;
  }
}
