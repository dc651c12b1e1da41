import type { Month } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';

/** One page of a list, and what to ask for to get the next one; null at the end. */
export interface HistoryPage<Item> {
  items: Item[];
  next: string | null;
}

/** Instants are ms since the epoch throughout; Twilio keeps whole seconds. */
export interface HistoryConversation {
  sid: string;
  createdAt: number;
}

export interface HistoryParticipant {
  sid: string;
  /** Null for somebody at an address. */
  identity: string | null;
  /** As Twilio writes it, `+1555…` or `whatsapp:+1555…`; null for somebody of chat. */
  address: string | null;
  createdAt: number;
  lastReadIndex: number | null;
  lastReadAt: number | null;
}

export interface HistoryMessage {
  index: number;
  author: string;
  /** Null for an author who is no participant. */
  participantSid: string | null;
  createdAt: number;
}

export interface HistoryUser {
  identity: string;
  createdAt: number;
  updatedAt: number;
}

/**
 * What Twilio still knows of the past, read by list calls only: reading makes nobody active. Each method is one call;
 * without `next` it gives the first page. All fail with `TwilioUnavailable`.
 */
export interface TwilioHistory {
  users(service: ServiceName, next: string | null): Promise<HistoryPage<HistoryUser>>;
  /** @param createdBefore ms since the epoch; later ones are left out */
  conversations(
    service: ServiceName,
    createdBefore: number,
    next: string | null,
  ): Promise<HistoryPage<HistoryConversation>>;
  participants(
    service: ServiceName,
    conversation: string,
    next: string | null,
  ): Promise<HistoryPage<HistoryParticipant>>;
  /** Newest first. */
  messages(
    service: ServiceName,
    conversation: string,
    next: string | null,
  ): Promise<HistoryPage<HistoryMessage>>;
}

/** `failed`: something that is neither Twilio nor the ledger being away; a defect. */
export type BackfillEvent = { service: ServiceName; month: Month; calls: number } & (
  | { kind: 'started' | 'finished' | 'interrupted' }
  | { kind: 'stopped' | 'failed'; failure: unknown }
);
