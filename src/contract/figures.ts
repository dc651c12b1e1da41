import { z } from 'zod';
import { count, dollars, instant, monthName } from './fields.ts';

const day = z.iso.date().meta({ description: 'UTC day, YYYY-MM-DD.' });

export const forecastSchema = z
  .object({
    month: monthName,
    service: z.string(),
    asOf: instant,
    identities: z.object({ low: count, mid: count, high: count }).nullable().meta({
      description: 'At the month’s end, as if nobody were refused. Null while there is too little to go by.',
    }),
    reason: z.enum(['not-begun', 'too-early', 'too-few-identities']).nullable().meta({
      description: 'Why there is no forecast: a month to come, before its third day, under 50 identities.',
    }),
    cost: z
      .object({
        ...{ currency: z.literal('USD'), low: dollars, mid: dollars, high: dollars },
        table: z.string().meta({ description: 'Name of the price table.' }),
        rules: z.string().meta({ description: 'Version of the counting rules.' }),
      })
      .nullable()
      .optional()
      .meta({ description: 'Absent for the role viewer; null without `identities`.' }),
    method: z.enum(['share-of-final', 'seven-day-pace', 'final', 'none']).meta({
      description:
        '`share-of-final`: by how far earlier months were at the same part. `seven-day-pace`: by the last seven days. `final`: the month is over.',
    }),
    basis: z.array(monthName).meta({ description: 'Earlier months behind `share-of-final`, newest first.' }),
    used: count.meta({ description: 'Identities by now.' }),
    limit: count.nullable().meta({ description: 'Of the whole service, with raises; null without one.' }),
    exhaustedOn: day
      .nullable()
      .meta({ description: 'When the limit is, or was, reached; null: not this month.' }),
    exhaustedBetween: z
      .object({ earliest: day.nullable(), latest: day.nullable() })
      .meta({ description: 'The same by `high` and by `low`.' }),
  })
  .meta({ id: 'Forecast' });

const wasteFigures = {
  identities: count,
  cost: z
    .object({ low: dollars, high: dollars })
    .meta({ description: 'What the month would cost less without them, by both readings of the rules.' }),
};

export const wasteSchema = z
  .object({
    month: monthName,
    service: z.string(),
    asOf: instant,
    rules: z.string().meta({ description: 'Version of the counting rules.' }),
    table: z.string().meta({ description: 'Name of the price table.' }),
    currency: z.literal('USD'),
    identities: z.object({ total: count, new: count, returning: count }),
    kinds: z
      .array(
        z.object({
          kind: z.enum([
            'never-connected',
            'connected-idle',
            'guest-once',
            'hidden-tab',
            'rest-only',
            'duplicate',
          ]),
          ...wasteFigures,
        }),
      )
      .meta({ description: 'Every kind once, always in this order; an identity may be of several.' }),
    total: z.object(wasteFigures).meta({ description: 'Identities of any kind but `duplicate`, each once.' }),
    savings: z.object({
      tokensReused: count,
      refusedByLazyConnect: z.object({ 'lazy-connect-required': count, 'no-reason-to-connect': count }),
      guestsAdopted: count.meta({ description: 'Guests whose identity a member went on with.' }),
      cost: z.object({ low: dollars, high: dollars }).meta({
        description: 'What the guests adopted would have cost more, by both readings of the rules.',
      }),
    }),
    notes: z.array(z.string()).meta({ description: 'What must be known to read the figures right.' }),
  })
  .meta({ id: 'Waste' });

export type ForecastAnswer = z.infer<typeof forecastSchema>;
export type WasteAnswer = z.infer<typeof wasteSchema>;
