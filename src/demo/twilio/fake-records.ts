/** What a person has at the fake Twilio. */
export interface FakeUserConversation {
  conversationSid: string;
  state: 'inactive' | 'active' | 'closed';
  /** Null: never opened. */
  unread: number | null;
}

/** What the fake Twilio has on record. */
export interface FakeRecords {
  accountSid: string;
  /** Conversations of each user, by service SID, then identity. A missing user is a 404. */
  users: Record<string, Record<string, readonly FakeUserConversation[]>>;
}
