import { z } from 'zod';
import { plainText, wholeNumber } from './value-schemas.ts';

const months = (what: string) =>
  wholeNumber('a whole number of months from 1 to 120', 1, 120).optional().describe(what);

/** How long rows are kept in the ledger. Counts of months and days are kept for good. */
export const retentionSection = z
  .strictObject({
    archive: plainText('the path of a folder, at most 256 characters')
      .optional()
      .describe(
        'Folder that months are archived to before their rows leave the ledger; without one nothing ever does',
      ),
    mintMonths: months('Months before the running one whose mint log is kept; default 13'),
    identityMonths: months('Months before the running one whose identities are kept; default 15'),
    conversationMonths: months(
      'Months before the running one in which a message keeps a conversation; default 13',
    ),
  })
  .describe('How long rows are kept in the ledger');
