/** Names of the Sync objects behind a user and a conversation. Twilio's are opaque; these say what they are. */
export const userInfoOf = (userSid: string) => `${userSid}.info`;
export const conversationsOf = (userSid: string) => `${userSid}.conversations`;
export const documentOf = (conversationSid: string) => `${conversationSid}.document`;
export const messagesOf = (conversationSid: string) => `${conversationSid}.messages`;
export const rosterOf = (conversationSid: string) => `${conversationSid}.roster`;

/** What a name is of, or null. */
export function parseSyncName(name: string): { sid: string; part: string } | null {
  const match = /^((?:US|CH)[0-9a-f]{32})\.(info|conversations|document|messages|roster)$/.exec(name);
  return match === null ? null : { sid: match[1]!, part: match[2]! };
}
