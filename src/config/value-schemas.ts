import { z } from 'zod';
import { isLoopbackHost } from './loopback.ts';

/** Why a text is refused, beyond what was expected. `found` replaces the usual description of the value. */
export interface Objection {
  value?: never;
  found?: string;
  hint?: string;
}

/**
 * A text that becomes a value. `expected` is what a fault says, for a wrong type too; an objection travels in
 * the issue's `params`.
 */
export function parsedText<T>(expected: string, parse: (text: string) => { value: T } | Objection) {
  return z.string({ error: expected }).transform((text, context): T => {
    const outcome = parse(text);
    if (outcome.value !== undefined) return outcome.value;
    context.addIssue({ code: 'custom', message: expected, params: { ...outcome } });
    return z.NEVER;
  });
}

/** A text that matches a pattern. */
export function patternText(expected: string, pattern: RegExp) {
  return z.string({ error: expected }).regex(pattern, { error: expected });
}

/** A text written by hand, such as a name: something on one line, no longer than `charactersMax`. */
export function plainText(expected: string, charactersMax = 256) {
  return z
    .string({ error: expected })
    .regex(/^[^\p{Cc}]+$/u, { error: expected })
    .max(charactersMax, { error: expected });
}

/** A whole number of the file, both bounds included. */
export function wholeNumber(expected: string, min: number, max: number) {
  return z
    .number({ error: expected })
    .int({ error: expected })
    .min(min, { error: expected })
    .max(max, { error: expected });
}

/** A whole number of the environment, both bounds included. No signs, exponents or separators. */
export function wholeNumberText(expected: string, min: number, max: number) {
  return parsedText(expected, (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? { value } : {};
  });
}

/** One word of a list. */
export function oneOf<const Words extends readonly string[]>(words: Words) {
  return z.enum(words, { error: `one of ${words.join(', ')}` });
}

/** Splits a comma list; blanks around entries are dropped, empty entries are not entries. */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/**
 * An http or https URL, kept as written, without user name, query or fragment. Plain http only where the
 * host is this machine, unless `anyHttp`.
 */
export function httpUrl(what: string, options: { anyHttp?: boolean; query?: boolean } = {}) {
  const expected = `${what}: an https:// URL${options.anyHttp ? ' or an http:// one' : ', or http:// on a loopback host'}${options.query ? '' : ', without a query'}`;
  return parsedText(expected, (text) => {
    const url = parseUrl(text);
    if (!url) return /^[\w.-]+(\/|$)/.test(text) ? { hint: 'write it with https:// in front' } : {};
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return {};
    if (url.username !== '' || url.password !== '') return { found: 'a URL with a user name in it' };
    if (url.hash !== '') return { found: 'a URL with a fragment' };
    if (url.search !== '' && !options.query) return { found: 'a URL with a query' };
    if (url.protocol === 'http:' && !options.anyHttp && !isLoopbackHost(url.hostname)) {
      return { hint: 'http:// is only for loopback hosts: keys and logins must not travel in the clear' };
    }
    return { value: text };
  });
}

/** The URL, or null. Texts that the parser would silently repair (blanks, backslashes) are refused. */
export function parseUrl(text: string): URL | null {
  return /[\s\\]/.test(text) || !URL.canParse(text) ? null : new URL(text);
}

/** The SHA-256 of a key; a raw key pasted in its place is not shown. */
export function sha256Hex(expected: string) {
  return parsedText(expected, (text) => {
    if (/^[0-9a-f]{64}$/.test(text)) return { value: text };
    if (/^[0-9a-fA-F]{64}$/.test(text)) return { found: 'upper-case hex', hint: 'write it in lower case' };
    return {
      found: `a ${text.length}-character value`,
      hint: '`mau-guard keys new` prints a key and its hash',
    };
  });
}

/** The name of an environment variable: how the file refers to a secret without holding it. */
export const variableName = patternText(
  'the name of the environment variable that holds the secret, such as SUPPORT_API_KEY_SECRET',
  /^[A-Z][A-Z0-9_]{2,63}$/,
);
