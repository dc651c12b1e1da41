import { z } from 'zod';

/** Letters, digits, punctuation of any language; no C0, DEL or C1 control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const PRINTABLE = /^[^\u0000-\u001f\u007f-\u009f]*$/;

/** Printable text of 1 to `lengthMax` characters. */
export function text(lengthMax: number, what: string) {
  return z
    .string()
    .min(1, 'Must not be empty.')
    .max(lengthMax, `Must have at most ${lengthMax} characters.`)
    .regex(PRINTABLE, 'Must not hold control characters.')
    .meta({ description: what });
}

export const instant = z.iso.datetime().meta({ description: 'ISO-8601 instant, UTC, ends in Z.' });

export const monthName = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
  .meta({ description: 'UTC calendar month, YYYY-MM.', example: '2026-11' });

export const count = z.int().min(0);

export const countBy = (what: string) => z.record(z.string(), count).meta({ description: what });

export const dollars = z.number().min(0).meta({ description: 'USD, rounded to 6 decimals.' });

export const nextCursor = z
  .string()
  .nullable()
  .meta({ description: 'Give it as `cursor` for the next page; null at the end. Opaque.' });
