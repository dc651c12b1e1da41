/** What a person has at the fake Twilio, given outright. */
export interface FakeUserConversation {
  conversationSid: string;
  state: 'inactive' | 'active' | 'closed';
  /** Null: never opened. */
  unread: number | null;
}

/** Conversations of each user, by service SID, then identity; they go before what the model knows. */
export type FakeUserConversations = Record<string, Record<string, readonly FakeUserConversation[]>>;
