import { UsageError } from './usage-error.ts';

/** Gathers an option that may be given several times. */
export function gather(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** The API takes no more. */
const COUNT_MAX = 1_000_000_000;

/** A whole number from 0, or null for `none`. */
export function parseLimit(option: string, text: string): number | null {
  if (text === 'none') return null;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= COUNT_MAX) return value;
  throw new UsageError(`${option} ${text}: must be a whole number from 0 to ${COUNT_MAX}, or none`);
}

/** A whole number from 1. */
export function parseCount(option: string, text: string): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= COUNT_MAX) return value;
  throw new UsageError(`${option} ${text}: must be a whole number from 1 to ${COUNT_MAX}`);
}

/** `name=value`, cut at the last `=`: names may hold one. */
export function parsePair(option: string, text: string): [name: string, value: string] {
  const at = text.lastIndexOf('=');
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
  throw new UsageError(`${option} ${text}: must be name=value`);
}

/** `name=limit` pairs of a repeated option; null takes a limit away. */
export function parseLimits(option: string, texts: readonly string[] = []): Record<string, number | null> {
  return Object.fromEntries(
    texts.map((text) => {
      const [name, value] = parsePair(option, text);
      return [name, parseLimit(`${option} ${name}`, value)];
    }),
  );
}
