import { z } from 'zod';
import { oneOf, patternText, plainText, wholeNumber } from './value-schemas.ts';

/** The name of a class. */
export const className = patternText(
  'a class name: lower-case letters, digits and dashes, a letter first, at most 32',
  /^[a-z][a-z0-9-]{0,31}$/,
);

const FALLBACK_BYTES_MAX = 2048;
const EXPECTED_FALLBACK = 'a mapping for the frontend, of at most 2048 bytes as JSON';

const identities = wholeNumber('a whole number of identities a month, 0 to 1000000000', 0, 1_000_000_000);
const places = wholeNumber('a whole number of places, 0 to 1000000000', 0, 1_000_000_000);

const factor = z
  .number({ error: 'a number above 1, at most 1000' })
  .gt(1, { error: 'a number above 1, at most 1000' })
  .max(1000, { error: 'a number above 1, at most 1000' });

const spikeGuard = z
  .strictObject({
    factor: factor.optional().describe('Times the mean hour of the month so far; default 10'),
    minimum: wholeNumber('a whole number of newcomers, 1 to 1000000', 1, 1_000_000)
      .optional()
      .describe('Newcomers an hour that are always let in; default 100'),
    mode: oneOf(['warn', 'block']).optional().describe('Default warn'),
  })
  .describe('Stops a flood of newcomers');

const fallback = z
  .record(z.string(), z.unknown(), { error: EXPECTED_FALLBACK })
  .superRefine((value, context) => {
    const bytes = Buffer.byteLength(JSON.stringify(value));
    if (bytes <= FALLBACK_BYTES_MAX) return;
    context.addIssue({
      code: 'custom',
      message: EXPECTED_FALLBACK,
      params: { found: `a mapping of ${bytes} bytes` },
    });
  });

/** The budget of a service. */
export const budgetEntry = z
  .strictObject({
    identities: identities.optional().describe('Limit of the whole service'),
    mode: oneOf(['off', 'warn', 'block']).optional().describe('Default warn'),
    classes: z.record(className, identities).optional().describe('Limits by class'),
    tenants: z
      .record(plainText('a tenant, at most 128 characters', 128), identities)
      .optional()
      .describe('Limits by tenant; "*" for every tenant without one of its own'),
    reserve: z
      .record(className, places)
      .optional()
      .describe('Places of identities that are kept for a class, by class'),
    thresholds: z
      .array(wholeNumber('a whole number of percent, 1 to 100', 1, 100))
      .optional()
      .describe('Percent of each limit at which an alert is due, rising; default 50, 80, 90, 100'),
    spikeGuard: spikeGuard.optional(),
    fallback: fallback
      .optional()
      .describe('Handed to the frontend when the budget refuses, such as where to leave a message'),
  })
  .describe('Identities a UTC month, until an operator sets another budget');

export type BudgetEntry = z.output<typeof budgetEntry>;
