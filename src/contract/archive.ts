import { z } from 'zod';
import { count, instant, monthName } from './fields.ts';
import { reasonSchema } from './steering.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** An entry of the archive's chain, as it stands in its file. */
export const archiveEntrySchema = z
  .looseObject({
    archive: z.string(),
    service: z.string(),
    month: monthName,
    number: count.meta({ description: 'Place in the chain of the service, from 1.' }),
    previous: sha256.nullable().meta({ description: 'Hash of the entry before; null in the first.' }),
    rulesVersion: z.string(),
    asOf: instant.meta({ description: 'When the rows were read.' }),
    mintRows: count,
    mintSha256: sha256.meta({ description: 'SHA-256 of the mint log as NDJSON, before compression.' }),
    firstOrdinal: count,
    lastOrdinal: count,
    identityRows: count,
    identitySha256: sha256,
    figureRows: count,
    figureSha256: sha256,
    kid: z.string().nullable().meta({ description: 'Key of the signature in `/.well-known/jwks.json`.' }),
    signature: z.string().nullable().meta({
      description: 'Ed25519, base64url, over every other member in RFC 8785 form; null without a key.',
    }),
  })
  .meta({ id: 'ArchiveEntry' });

const rowState = z.enum(['kept', 'stopped', 'trimming', 'trimmed', 'absent']);
const workKind = z.enum(['archive', 'trim', 'restore']);

/** How a month stands between ledger and archive. */
export const monthArchiveSchema = z
  .object({
    month: monthName,
    service: z.string(),
    running: workKind.nullable().meta({ description: 'What is being done with the month now.' }),
    counted: z.boolean().meta({ description: 'Whether the ledger counts anybody in the month.' }),
    entry: archiveEntrySchema
      .nullable()
      .meta({ description: 'As the ledger knows it, else as the folder has it. Null: not in the archive.' }),
    mints: rowState.meta({
      description:
        'Where the mint log is. `kept`: in the ledger. `stopped`: about to leave it, nothing late is taken any more. ' +
        '`trimming`: leaving it. `trimmed`: in the archive only. `absent`: the ledger did not write the entry and has ' +
        'not put it back; it may have rows of its own.',
    }),
    people: rowState.meta({ description: 'Where the identities of the month are.' }),
    heldUntil: instant.nullable().meta({ description: 'Put back, and left alone until then.' }),
    trouble: z
      .object({ at: instant, kind: workKind, says: z.string() })
      .nullable()
      .meta({ description: 'How the latest work on the month failed.' }),
  })
  .meta({ id: 'MonthArchive' });

export const archiveListSchema = z
  .object({
    configured: z.boolean().meta({ description: 'Whether `retention.archive` names a folder.' }),
    months: z.array(monthArchiveSchema),
  })
  .meta({ id: 'ArchiveList' });

/** Whether the archive is what it was. */
export const archiveVerificationSchema = z
  .object({
    service: z.string(),
    ok: z.boolean(),
    months: z.array(monthName).meta({ description: 'Months whose files were read, oldest first.' }),
    entries: count.meta({ description: 'Entries of the chain; a month may have later ones.' }),
    head: z
      .object({ number: count, hash: sha256 })
      .nullable()
      .meta({ description: 'The end of the chain; kept elsewhere, it shows when the end was cut off.' }),
    findings: z.array(
      z.object({
        month: monthName.nullable(),
        number: count,
        kind: z.enum(['changed', 'missing', 'reordered', 'unsigned', 'unknown-key']),
        says: z.string(),
      }),
    ),
    unknown: z.array(monthName).meta({
      description: 'Months of the archive that the ledger neither wrote nor put back: it may have lost them.',
    }),
  })
  .meta({ id: 'ArchiveVerification' });

export const archiveWriteSchema = z
  .strictObject({
    reason: reasonSchema,
    trim: z.boolean().default(false).meta({
      description:
        'Also take mint log and identities of the month out of the ledger, once the archive has them.',
    }),
  })
  .meta({ id: 'ArchiveWrite', example: { reason: 'books of October', trim: false } });

export type MonthArchiveAnswer = z.output<typeof monthArchiveSchema>;
export type ArchiveListAnswer = z.output<typeof archiveListSchema>;
export type ArchiveVerificationAnswer = z.output<typeof archiveVerificationSchema>;
