/**
 * What follows a scheme in an `Authorization` header, or undefined when the header is absent or of another
 * scheme. Schemes are case-insensitive (RFC 9110 section 11.1).
 */
export function readAuthorization(
  header: string | undefined,
  scheme: 'Bearer' | 'Guest',
): string | undefined {
  if (header === undefined) return undefined;
  const length = scheme.length;
  // As nearly every client spells it; nothing is parsed then.
  if (header.startsWith(scheme) && header.charCodeAt(length) === 0x20) return header.slice(length + 1).trim();
  if (header.slice(0, length).toLowerCase() !== scheme.toLowerCase()) return undefined;
  if (header.length > length && header.charCodeAt(length) !== 0x20) return undefined;
  return header.slice(length + 1).trim();
}

/** True when proxies or clients joined several credentials into one header. */
export function holdsSeveralCredentials(header: string): boolean {
  return header.includes(',') && /(?:^|,)\s*(?:bearer|guest)\s/i.test(header);
}
