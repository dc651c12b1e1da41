import type { FakeSource } from './records.ts';

/** What the fake tells others of an act, before it is a webhook or an event of a stream. */
export interface FakeEvent {
  /** A post-action event, such as `onMessageAdded`. */
  type: string;
  serviceSid: string;
  at: number;
  source: FakeSource;
  /** The identity of the client that caused it; only for source `SDK`. */
  client: string | null;
  /** Whether a call by REST asked for webhooks. True for other sources. */
  webhooks: boolean;
  /** As Twilio documents them for the event, in its spelling; null fields are left out when it is sent. */
  fields: Record<string, string | null>;
}
