import { z } from 'zod';
import { count, instant, monthName } from './fields.ts';

/** How far the backfill of a month is. */
export const backfillSchema = z
  .object({
    month: monthName,
    service: z.string(),
    state: z.enum(['running', 'done', 'stopped']).meta({
      description: '`stopped`: it broke off, and goes on where it was when it is ordered again.',
    }),
    startedAt: instant,
    updatedAt: instant,
    phase: z.enum(['users', 'conversations', 'done']),
    read: z
      .object({ calls: count, users: count, conversations: count, participants: count, messages: count })
      .meta({ description: 'Records read from Twilio so far.' }),
    there: z
      .object({
        conversations: count.meta({
          description: 'About, since some come and go meanwhile; never fewer than were read.',
        }),
        complete: z.boolean().meta({ description: 'False while they are still being counted.' }),
      })
      .nullable()
      .default(null)
      .meta({ description: 'How much there is to read; null before it is counted.' }),
    found: z.object({
      acts: count.meta({ description: 'Acts of the month that the records prove.' }),
      known: count.meta({ description: 'Identities of these acts that the month knew by something else.' }),
      added: count.meta({ description: 'Identities that the month did not know before.' }),
      addedBefore: count
        .default(0)
        .meta({ description: 'Identities of whom only an earlier backfill told.' }),
      apart: count.meta({ description: 'Authors who cannot be people; not counted.' }),
    }),
    trouble: z
      .object({ says: z.string(), nextStep: z.string() })
      .nullable()
      .meta({ description: 'Why it stopped, and what to do.' }),
    unseen: z.array(z.string()).meta({ description: 'What no list of Twilio shows.' }),
  })
  .meta({ id: 'Backfill' });

export type BackfillAnswer = z.output<typeof backfillSchema>;
