import { z } from 'zod';
import { SIGNALS } from '../domain/signal.ts';
import { oneOf, patternText, plainText } from './value-schemas.ts';

const signals = (what: string) => z.array(oneOf(SIGNALS), { error: 'a list of signals' }).describe(what);

/** No address but https: it becomes a link on the dashboard. */
const source = patternText(
  'where it stands: an https:// address or a title, at most 300 characters',
  /^(https:\/\/\S{1,292}|(?![a-zA-Z][a-zA-Z0-9+.-]*:)[^\p{Cc}]{1,300})$/u,
);

const statement = z.strictObject({
  signal: oneOf([...SIGNALS, 'unit']).describe('What it speaks of; unit: what is billed'),
  verdict: oneOf(['agreed', 'disputed']).describe('Whether all sources that speak of it say that it counts'),
  says: plainText('what the source says, one line of at most 300 characters', 300),
  source: source.describe('Shown as a link when it is an address'),
  readOn: patternText('the month in which it was read, YYYY-MM', /^\d{4}-(0[1-9]|1[0-2])$/),
});

/** A file of counting rules. Strict at every level. */
export const countingRulesSchema = z
  .strictObject({
    version: patternText(
      'a version: lower-case letters, digits and dashes, a letter first, at most 64',
      /^[a-z][a-z0-9-]{0,63}$/,
    ).describe('Named in every figure; shipped versions are taken'),
    title: plainText('whose reading it is, one line of at most 200 characters', 200),
    unit: oneOf(['identities', 'conversations']).describe('What is billed'),
    low: signals('Any one of these makes an identity active in the cheapest reading'),
    high: signals('Any one of these makes an identity active in the most expensive reading'),
    statements: z
      .array(statement, { error: 'a list of statements' })
      .min(1, { error: 'at least one statement' }),
  })
  .describe('Counting rules of mau-guard: which signals make an identity active, and who says so');
