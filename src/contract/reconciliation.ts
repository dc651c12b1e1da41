import { z } from 'zod';
import { count, countBy, dollars, instant, monthName } from './fields.ts';

const sourceInstant = instant
  .nullable()
  .meta({ description: 'Until when data has come in; null when not said.' });

const readingSchema = z.object({
  rules: z.string().meta({ description: 'Version of counting rules.' }),
  ...{ low: count, high: count },
  isTwilios: z.boolean().meta({ description: 'Whether either is what Twilio counts.' }),
});

export const reconciliationSchema = z
  .object({
    ...{ month: monthName, service: z.string() },
    asOf: instant.meta({ description: 'When the ledger was read.' }),
    category: z.string().meta({ description: "Twilio's usage category." }),
    state: z.enum(['compared', 'no-record', 'never-pulled']),
    ledger: z.object({
      ...{ total: count, minted: count, connected: count },
      ...{ low: count, high: count, rules: z.string() },
      groups: countBy('Identities by the most that they were seen to do; each is in one group.'),
    }),
    cost: z.object({ currency: z.literal('USD'), low: dollars, high: dollars, table: z.string() }),
    twilio: z
      .object({
        category: z.string(),
        ...{ startDate: z.string(), endDate: z.string() },
        count: count.meta({ description: 'Active users of the whole account.' }),
        ...{ usage: z.number(), usageUnit: z.string() },
        ...{ price: z.number(), currency: z.literal('USD'), asOf: sourceInstant },
        pulledAt: instant,
        ageSeconds: count,
      })
      .nullable()
      .meta({ description: 'The record pulled last; null before the first.' }),
    gap: z.int().nullable().meta({ description: "Twilio's count less the ledger's identities." }),
    withinRange: z.boolean().nullable().meta({
      description:
        "Whether Twilio's count, which is the account's, is in low to high with those of its other services.",
    }),
    causes: z
      .array(
        z.object({
          cause: z.string(),
          identities: z.int().meta({ description: 'With the sign of the gap; all together are the gap.' }),
          certainty: z.enum(['exact', 'possible', 'unexplained']),
          ...{ says: z.string(), nextStep: z.string() },
        }),
      )
      .meta({ description: 'The gap split by cause.' }),
    readings: z.array(readingSchema),
    records: z
      .array(
        z.object({
          ...{
            pulledAt: instant,
            seenAgainAt: instant
              .nullable()
              .meta({ description: 'When the same was answered last; null when it was answered once.' }),
            asOf: sourceInstant,
            count: count.nullable(),
            price: z.number().nullable(),
          },
        }),
      )
      .meta({
        description: 'Every record that was pulled, newest first, 100 at most; equal answers are one.',
      }),
    attempt: z
      .object({
        at: instant,
        failure: z
          .object({ trouble: z.string(), says: z.string(), nextStep: z.string() })
          .nullable()
          .meta({ description: 'Null when it went well.' }),
      })
      .nullable()
      .meta({ description: 'How the latest try to pull ended.' }),
    trigger: z
      .object({
        ...{ checkedAt: instant, exists: z.boolean(), says: z.string() },
        triggers: z.array(
          z.object({
            ...{ sid: z.string(), by: z.string(), value: z.string() },
            ...{ recurring: z.string().nullable(), firedAt: instant.nullable() },
          }),
        ),
      })
      .nullable()
      .meta({ description: "Usage triggers of Twilio's own on the category, the second guard." }),
    people: z
      .object({
        ...{ comparedAt: instant, complete: z.boolean(), atTwilio: count },
        ...{ onlyAtTwilio: count, onlyAtTwilioBy: countBy('By trace.'), onlyInLedger: count },
      })
      .nullable()
      .meta({ description: 'How many people only one side knows; of the latest pull with `people=true`.' }),
    identities: z
      .object({ onlyAtTwilio: z.array(z.string()), onlyInLedger: z.array(z.string()) })
      .optional()
      .meta({ description: 'Only in the answer to a pull with `people=true`, the first 1000 of each.' }),
  })
  .meta({ id: 'Reconciliation' });

export type ReconciliationAnswer = z.infer<typeof reconciliationSchema>;
