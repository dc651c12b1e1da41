import { z } from 'zod';
import { count, instant, monthName, nextCursor } from './fields.ts';

export const alertRowSchema = z
  .object({
    id: z.string(),
    at: instant,
    month: monthName,
    budget: z.string().meta({
      description: '`all`, `class:…`, `tenant:…`, `new-per-hour` for the spike guard, or `forecast`.',
    }),
    threshold: z.int().min(1).max(100).meta({ description: 'Percent of the limit.' }),
    state: z.enum(['firing', 'escalated', 'recovered']).meta({
      description:
        '`firing`: the first threshold of this budget. `escalated`: a higher one. `recovered`: below it again.',
    }),
    limit: count,
    used: count.meta({
      description: 'Identities when it fired; for `forecast` those that the month is thought to end with.',
    }),
    deliveries: z
      .array(
        z.object({
          target: z.string(),
          state: z.enum(['pending', 'delivered', 'given-up', 'skipped']).meta({
            description:
              '`skipped`: never sent, since the alert was more than seven days old when the target was first named.',
          }),
          attempts: count,
          lastAttemptAt: instant.nullable(),
          dueAt: instant.nullable().meta({ description: 'When the next attempt is due.' }),
          error: z.string().nullable().meta({ description: 'Why the last attempt failed.' }),
        }),
      )
      .meta({ description: 'One for each target that the alert was offered to so far.' }),
  })
  .meta({ id: 'AlertRow' });

export const alertsPageSchema = z
  .object({ items: z.array(alertRowSchema).meta({ description: 'Newest first.' }), nextCursor })
  .meta({ id: 'AlertsPage' });

export type AlertRow = z.infer<typeof alertRowSchema>;
export type AlertsPage = z.infer<typeof alertsPageSchema>;
