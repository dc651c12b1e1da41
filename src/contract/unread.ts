import { z } from 'zod';
import { count, instant } from './fields.ts';

export const unreadAnswerSchema = z
  .object({
    unread: count.meta({ description: 'Unread messages of all conversations together.' }),
    conversations: z
      .array(
        z.object({
          sid: z.string().meta({ description: 'Conversation SID.' }),
          unread: z.int().min(1),
        }),
      )
      .meta({ description: 'Those with unread messages, in the order of SIDs.' }),
    asOf: instant,
    uncertain: z.literal(true).optional().meta({
      description:
        'Present when some may be missing, or when Twilio was asked because no event has told of this person yet.',
    }),
  })
  .meta({
    id: 'UnreadAnswer',
    example: {
      unread: 3,
      conversations: [{ sid: 'CH00000000000000000000000000000001', unread: 3 }],
      asOf: '2026-11-20T21:00:00.123Z',
    },
  });

export type UnreadAnswer = z.infer<typeof unreadAnswerSchema>;
