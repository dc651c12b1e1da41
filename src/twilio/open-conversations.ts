import type Twilio from 'twilio';
import { openTwilio, type TwilioOptions } from './open-twilio.ts';

export type { TwilioOptions } from './open-twilio.ts';

/** Conversations (classic), REST v1. */
export type Conversations = Twilio.Twilio['conversations']['v1'];

/** The classic Conversations API of one account, for reading only. */
export async function openConversations(options: TwilioOptions): Promise<Conversations> {
  return (await openTwilio(options)).conversations.v1;
}
