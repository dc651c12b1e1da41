// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it takes out
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text of somebody else as it may be shown: what could move a terminal's cursor, colour it or turn its direction
 * becomes a mark. Tenants and reasons are written by others.
 */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, '\ufffd');
}
