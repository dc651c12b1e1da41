/** One thing that is wrong with the configuration. No field ever holds a secret. */
export interface ConfigFault {
  /** A variable's name, a flag, or `file:yaml.path`. */
  where: string;
  /** Line in the file, from 1, where one is known. */
  line?: number;
  expected: string;
  found: string;
  hint?: string;
}

/** What a value looks like without being shown: `a 12-character value`. */
export function describeHidden(text: string): string {
  return `a ${text.length}-character value`;
}

const SHOWN_LENGTH_MAX = 60;
/** A run like this may be a key pasted into the wrong place. */
const MAYBE_SECRET = /[A-Za-z0-9+_=~-]{20,}/;

/**
 * Words for a faulty value. Short plain values are shown; anything that could be a secret in the wrong place
 * is only measured, and so is every value when `secret` is true.
 */
export function describeFound(value: unknown, secret = false): string {
  if (value === undefined || value === null || value === '') return 'nothing';
  if (typeof value === 'string') {
    if (secret || MAYBE_SECRET.test(value) || hasUserInfo(value)) return describeHidden(value);
    return JSON.stringify(value.length > SHOWN_LENGTH_MAX ? `${value.slice(0, SHOWN_LENGTH_MAX)}…` : value);
  }
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (secret) return `a ${typeof value}`;
  return describeFound(String(value)).replaceAll('"', '');
}

/** A password may stand before an `@`, with a scheme in front or without one. */
export function hasUserInfo(text: string): boolean {
  return /[:/].*@/s.test(text);
}
