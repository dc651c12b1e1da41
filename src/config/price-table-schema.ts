import { z } from 'zod';
import { oneOf, patternText, plainText, wholeNumber } from './value-schemas.ts';

const USERS_MAX = 1_000_000_000;
const DOLLARS_MAX = 1_000_000;

/** An amount with at most 6 decimals, so that it is a whole number of micro-dollars. */
function dollars(what: string) {
  const expected = `${what}: US dollars from 0 to ${DOLLARS_MAX}, at most 6 decimals`;
  return z
    .number({ error: expected })
    .min(0, { error: expected })
    .max(DOLLARS_MAX, { error: expected })
    .refine((amount) => Number(amount.toFixed(6)) === amount, { error: expected });
}

const users = (what: string, min: number) =>
  wholeNumber(`${what}: a whole number from ${min} to ${USERS_MAX}`, min, USERS_MAX);

const tier = z.strictObject({
  from: users('the first user of the tier', 1),
  upTo: users('the last user of the tier', 1).optional().describe('Left out in the last tier'),
  price: dollars('the price of a user'),
  note: plainText('one line of at most 300 characters', 300)
    .optional()
    .describe('Said beside costs that reach the tier'),
});

/** A file of prices. Strict at every level. */
export const priceTableSchema = z
  .strictObject({
    name: patternText(
      'a name: lower-case letters, digits and dashes, a letter first, at most 64',
      /^[a-z][a-z0-9-]{0,63}$/,
    ).describe('Named beside every cost; shipped names are taken'),
    currency: z.literal('USD', { error: 'USD, the currency of every figure' }),
    mode: oneOf(['flat', 'graduated', 'volume']).describe(
      'flat: price; graduated: each user by their tier; volume: all users by the tier of their number',
    ),
    price: dollars('the price of a user').optional().describe('For flat'),
    tiers: z.array(tier, { error: 'a list of tiers' }).optional().describe('For graduated and volume'),
    freeUsers: users('users that cost nothing', 0)
      .optional()
      .describe('Taken off first; for graduated write a tier with price 0'),
    commit: dollars('the least that a month costs').optional().describe('Minimum commitment a month'),
    source: plainText('where the prices were read, one line of at most 300 characters', 300),
    readOn: patternText('when they were read, YYYY-MM-DD', /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/),
  })
  .describe('Prices of mau-guard: what active users cost a month');

export type PriceTableData = z.output<typeof priceTableSchema>;
