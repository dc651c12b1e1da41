import { z } from 'zod';
import { HYGIENE_IDS } from '../domain/hygiene-id.ts';
import { count, instant, monthName } from './fields.ts';

export const findingsSchema = z
  .object({
    month: monthName,
    service: z.string(),
    asOf: instant,
    findings: z
      .array(
        z.object({
          id: z.enum(HYGIENE_IDS),
          identities: count.meta({ description: 'Identities of the month that show it.' }),
          says: z.string().meta({ description: 'What was found, in one sentence.' }),
          why: z.string().meta({ description: 'Why it matters.' }),
          fix: z.string().meta({ description: 'What to do about it.' }),
        }),
      )
      .meta({
        description:
          'What loses evidence, costs for nothing or goes round the guard; empty when all is well.',
      }),
    setup: z
      .object({
        lookedAt: instant,
        ageSeconds: count,
        findings: z.array(
          z.object({
            id: z.string().meta({ description: 'A check of the doctor, such as `webhooks`.' }),
            name: z.string(),
            ...{ says: z.string(), why: z.string(), fix: z.string() },
          }),
        ),
      })
      .nullable()
      .meta({
        description:
          'What was wrong with the setup at Twilio when the last pull of its figures looked; null for other months than the current one, and when nobody looked.',
      }),
  })
  .meta({ id: 'Findings' });

export type FindingsAnswer = z.output<typeof findingsSchema>;
