import { z } from 'zod';
import { instant, text } from './fields.ts';

const credential = text(128, 'A guest credential, as this address gave it.');
const service = text(64, 'Name of the configured service; `default` unless told.');

export const guestRequestSchema = z
  .strictObject({
    credential: credential.optional(),
    want: z
      .enum(['cookie', 'credential'], { error: 'Must be one of cookie, credential.' })
      .optional()
      .meta({ description: 'How to be given the credential; `cookie` unless told.' }),
    service: service.optional(),
  })
  .meta({ id: 'GuestRequest', example: {} });

export const guestAnswerSchema = z
  .object({
    guestId: z.string(),
    credential: z.string().optional().meta({
      description: 'For `want: credential` only; goes into `Authorization: Guest`. Keep it secret.',
    }),
    expiresAt: instant.meta({ description: 'Until when the credential is good; a visit prolongs it.' }),
    created: z.boolean().meta({ description: 'True for a guest who never was.' }),
  })
  .meta({ id: 'GuestAnswer' });

export const linkRequestSchema = z
  .strictObject({
    credential: credential.optional().meta({ description: 'The guest’s; the cookie’s unless told.' }),
    service: service.optional(),
  })
  .meta({ id: 'LinkRequest', example: {} });

export const linkAnswerSchema = z
  .object({
    identity: z.string().meta({ description: 'What the member is served as from now on.' }),
    outcome: z.enum(['adopted', 'already-linked', 'kept-separate']),
    reason: z
      .enum(['guest-already-adopted', 'member-has-identity', 'identity-blocked'])
      .nullable()
      .meta({ description: 'Why they were kept separate; null otherwise.' }),
  })
  .meta({ id: 'LinkAnswer' });

export type GuestAnswer = z.infer<typeof guestAnswerSchema>;
export type LinkAnswer = z.infer<typeof linkAnswerSchema>;
