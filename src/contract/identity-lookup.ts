import { z } from 'zod';
import { SIGNALS } from '../domain/signal.ts';
import { count, instant, monthName } from './fields.ts';

/** What operators get when they ask which identities are whose. */

export const nameRowSchema = z
  .object({
    subject: z.string().meta({ description: 'As the list has it.' }),
    issuer: z.string(),
    own: z.string().nullable().meta({
      description:
        'Derived from issuer, subject and class: `subject` in the mint log. Null for whoever cannot be a chat identity.',
    }),
    identity: z
      .string()
      .nullable()
      .meta({
        description:
          'What the person is served as, after links: `identity` in every export. Null without `own`, and where ' +
          'somebody else has taken it over.',
      }),
    class: z.string(),
    line: count.meta({ description: 'Of the list, from 1.' }),
    counted: z
      .boolean()
      .optional()
      .meta({ description: 'In the month; absent without `month`, as all below.' }),
    firstSeen: instant.nullable().optional(),
    lastSeen: instant.nullable().optional(),
    mints: count.optional(),
    signals: z.array(z.enum(SIGNALS)).optional(),
  })
  .meta({ id: 'NameRow' });

export const identityLookupSchema = z
  .object({
    service: z.string(),
    month: monthName.nullable(),
    rows: count.meta({ description: 'Lines of the list.' }),
    items: z.array(nameRowSchema).meta({
      description: 'In the order of lines; more than one for whoever is known under several classes.',
    }),
  })
  .meta({ id: 'IdentityLookup' });

export type NameRow = z.infer<typeof nameRowSchema>;
export type IdentityLookupAnswer = z.infer<typeof identityLookupSchema>;
