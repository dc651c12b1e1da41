import { z } from 'zod';
import { count, monthName, text } from './fields.ts';
import { reasonSchema } from './steering.ts';

/** What operators send and get when they have somebody forgotten. */

export const erasureWriteSchema = z
  .strictObject({
    issuer: text(512, 'The authority that names the person, as in their logins.'),
    subject: text(1024, 'The person, as that authority names them.'),
    reason: reasonSchema,
  })
  .meta({ id: 'ErasureWrite' });

export const erasureReportSchema = z
  .object({
    service: z.string(),
    erased: count.meta({ description: 'Identities that have a pseudonym now.' }),
    months: z
      .array(monthName)
      .meta({ description: 'In which they were counted, as far as the ledger has them.' }),
    archiveForgets: z.boolean().meta({
      description:
        'Whether there is an archive. Whatever it has of the person, known to the ledger or not, it forgets within ten ' +
        'minutes and before any month is put back.',
    }),
  })
  .meta({ id: 'ErasureReport' });
