/** In UTF-16 code units. Generous: it only keeps hashing and logging bounded. */
export const SUBJECT_LENGTH_MAX = 1024;

/**
 * Control characters would forge log lines. Lone surrogates all become the same replacement character when
 * hashed as UTF-8, so that two people would share one identity.
 */
const UNFIT = /[\p{Cc}\p{Cs}]/u;

/** True when the text is fit to be part of an identity or of a log line. */
export function isFitText(text: string): boolean {
  return !UNFIT.test(text);
}

/**
 * The person as the authority names them: a string as it is, an integer in decimals. Null when it is empty,
 * too long, not exact or holds characters that no name needs.
 */
export function parseSubject(value: unknown): string | null {
  // Past 2^53 JSON numbers were rounded on the way in, and neighbours became one person.
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || text.length > SUBJECT_LENGTH_MAX) return null;
  return text.trim() === '' || !isFitText(text) ? null : text;
}
