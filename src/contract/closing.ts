import { z } from 'zod';
import { monthSummarySchema } from '../contract.ts';
import { count, instant, monthName } from './fields.ts';

export const manifestSchema = z
  .object({
    export: z.literal('identities'),
    service: z.string(),
    month: monthName,
    format: z.enum(['csv', 'ndjson']),
    rows: count.meta({ description: 'Identities; the header of a CSV is not one.' }),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .meta({ description: 'SHA-256 of the file, lower-case hex.' }),
    rulesVersion: z.string().meta({ description: 'Version of the counting rules.' }),
    asOf: instant.meta({ description: 'When the rows were read; of a closed month, when it was closed.' }),
    kid: z
      .string()
      .nullable()
      .meta({ description: 'Key of the signature in `/.well-known/jwks.json`; null without a signature.' }),
    signature: z.string().nullable().meta({
      description:
        'Ed25519, base64url, over every other member in RFC 8785 form; null for an open month or without a key.',
    }),
  })
  .meta({ id: 'Manifest' });

export const closingSchema = z
  .object({
    month: monthName,
    service: z.string(),
    closed: z
      .object({
        closedAt: instant,
        closedBy: z.string().meta({ description: 'Name of the operator.' }),
        summary: monthSummarySchema,
        rules: z.looseObject({}).meta({ description: 'The counting rules, as they were.' }),
        prices: z.looseObject({}).meta({ description: 'The price table, as it was.' }),
        manifests: z.object({ csv: manifestSchema, ndjson: manifestSchema }),
      })
      .nullable()
      .meta({ description: 'What was frozen; null while the month is open.' }),
    now: monthSummarySchema,
    changed: z
      .array(
        z.object({
          figure: z.string().meta({ description: 'Path in the summary, such as `identities.total`.' }),
          closed: z.number().nullable(),
          now: z.number().nullable(),
        }),
      )
      .meta({ description: 'Figures that are others now than when the month was closed.' }),
  })
  .meta({ id: 'Closing' });

export type ManifestAnswer = z.infer<typeof manifestSchema>;
export type ClosingAnswer = z.infer<typeof closingSchema>;
