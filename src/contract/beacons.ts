import { z } from 'zod';
import { text } from './fields.ts';

export const beaconSchema = z
  .strictObject({
    token: text(8192, 'The Twilio token that this gateway gave; its signature is the authentication.'),
    state: z
      .enum(['connected', 'disconnected', 'failed'], {
        error: 'Must be one of connected, disconnected, failed.',
      })
      .meta({ description: 'What became of the connection that the token was for.' }),
    at: z.iso
      .datetime({ error: 'Must be an ISO-8601 instant in UTC that ends in Z.' })
      .max(40, 'Must have at most 40 characters.')
      .optional()
      .meta({
        description:
          'When it happened; now unless told. Moved into the life of the token when outside of it.',
      }),
  })
  .meta({ id: 'Beacon', example: { token: 'eyJhbGciOiJIUzI1NiJ9.…', state: 'connected' } });
