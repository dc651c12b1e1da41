import { z } from 'zod';
import { text } from './fields.ts';

/** What `/token` takes, in the query or in the body. */
export const compatTokenRequestSchema = z
  .strictObject({
    service: text(64, 'Name of the configured service; `default` unless told.').optional(),
    identity: z
      .string('Must be a text.')
      .optional()
      .meta({ description: 'Ignored: who is asking is told by the credential alone.' }),
    password: z.string('Must be a text.').optional().meta({
      description:
        'The app’s own login token, where `compatibility.tokenEndpoint` is `password`; taken exactly as a bearer token.',
    }),
  })
  .meta({ id: 'CompatTokenRequest', example: {} });
