/** Who let an act happen: a client of the SDK, a call of the REST API, or a message to a Twilio number. */
export type FakeSource = 'SDK' | 'API' | 'SMS';

/** Instants are ms since the epoch throughout. */
export interface FakeUser {
  sid: string;
  identity: string;
  friendlyName: string | null;
  attributes: string;
  roleSid: string;
  online: boolean;
  createdAt: number;
  updatedAt: number;
}

/** How somebody outside of chat takes part. Addresses as Twilio writes them, `+1555…` or `whatsapp:+1555…`. */
export interface FakeBinding {
  type: 'sms' | 'whatsapp';
  address: string;
  proxyAddress: string;
}

/** Exactly one of `identity` and `binding` is null. */
export interface FakeParticipant {
  sid: string;
  identity: string | null;
  binding: FakeBinding | null;
  attributes: string;
  roleSid: string | null;
  lastReadIndex: number | null;
  lastReadAt: number | null;
  createdAt: number;
  updatedAt: number;
}

export interface FakeMessage {
  sid: string;
  /** From 0, without gaps. */
  index: number;
  author: string;
  body: string;
  attributes: string;
  /** Null for an author who is no participant. */
  participantSid: string | null;
  createdAt: number;
}

export interface FakeConversation {
  sid: string;
  friendlyName: string | null;
  uniqueName: string | null;
  attributes: string;
  state: 'active' | 'inactive' | 'closed';
  createdBy: string;
  createdAt: number;
  updatedAt: number;
  /** In the order in which they came. */
  participants: FakeParticipant[];
  messages: FakeMessage[];
}

export interface FakeRole {
  sid: string;
  friendlyName: string;
  type: 'service' | 'conversation';
  permissions: string[];
}

/** Where events go; filters that are not listed do not fire. */
export interface FakeWebhookSettings {
  preUrl: string | null;
  postUrl: string | null;
  filters: string[];
}

export interface FakeService {
  sid: string;
  friendlyName: string;
  createdAt: number;
  /** By identity, which is case-sensitive. */
  users: Map<string, FakeUser>;
  /** By SID, in the order in which they were made. */
  conversations: Map<string, FakeConversation>;
  roles: FakeRole[];
  defaultRoles: { service: string; conversation: string; conversationCreator: string };
  reachability: boolean;
  webhooks: FakeWebhookSettings;
}

/** What happens when somebody unknown writes to a number of the account. */
export interface FakeAddress {
  sid: string;
  type: 'sms' | 'whatsapp';
  address: string;
  autoCreation: { enabled: boolean; serviceSid: string };
}

export interface FakeTrigger {
  sid: string;
  category: string;
  by: 'count' | 'usage' | 'price';
  value: string;
  recurring: 'daily' | 'monthly' | 'yearly' | null;
  createdAt: number;
  firedAt: number | null;
}

export interface FakeAccount {
  sid: string;
  createdAt: number;
  /** By SID; the first is the account's default service. */
  services: Map<string, FakeService>;
  /** Of the whole account, beside those of its services. */
  webhooks: FakeWebhookSettings;
  addresses: FakeAddress[];
  triggers: FakeTrigger[];
}
