import type { Identity } from '../../domain/identity.ts';
import { type Month, monthOf } from '../../domain/month.ts';
import type { Signal } from '../../domain/signal.ts';
import type { ConversationMark } from '../../ledger/conversations.ts';
import type { Evidence } from '../../ledger/ledger.ts';
import type { WebhookParams } from '../ports.ts';
import { buildEvidence } from '../webhook/build-evidence.ts';
import { keepIdentity } from '../webhook/kept-identity.ts';
import type { HistoryMessage, HistoryParticipant, HistoryUser } from './ports.ts';

/** What records of Twilio prove about a month. */
export interface Acts {
  evidence: Evidence[];
  marks: ConversationMark[];
  /** Names that are no people's. */
  apart: number;
}

export interface ActsContext {
  month: Month;
  nowMs: number;
  classOf(identity: Identity): string;
}

/** A user was made, and changed for the last time. */
export function readUser(user: HistoryUser, context: ActsContext): Acts {
  const made = tell(
    'onUserAdded',
    { Identity: user.identity, DateCreated: instant(user.createdAt) },
    user.createdAt,
    context,
  );
  if (user.updatedAt <= user.createdAt) return made;
  const changed = { Identity: user.identity, DateUpdated: instant(user.updatedAt) };
  return join(made, tell('onUserUpdated', changed, user.updatedAt, context));
}

/** Somebody came, and has read up to somewhere. Who is in a conversation is told whenever they came. */
export function readParticipant(
  conversation: string,
  participant: HistoryParticipant,
  context: ActsContext,
): Acts {
  const { identity, address, createdAt, lastReadIndex, lastReadAt } = participant;
  const fields = {
    ConversationSid: conversation,
    Identity: identity ?? undefined,
    'MessagingBinding.Address': address ?? undefined,
  };
  const came = tell('onParticipantAdded', { ...fields, DateCreated: instant(createdAt) }, createdAt, context);
  if (lastReadIndex !== null) {
    const at = lastReadAt ?? createdAt;
    const read = { LastReadMessageIndex: String(lastReadIndex), DateUpdated: instant(at) };
    // Told of when they came, it would speak against all that they have read since.
    came.marks.push(...tell('onParticipantUpdated', { ...fields, ...read }, at, context).marks);
  }
  const reader = identity === null ? null : keepIdentity(identity);
  if (reader === null || lastReadAt === null) return came;
  return join(came, { evidence: only(context, reader, 'read', lastReadAt), marks: [], apart: 0 });
}

/**
 * Somebody wrote. Messages of other months prove nothing about this one.
 *
 * @param isOfAddress whether the participant who wrote it is one at an address
 */
export function readMessage(
  conversation: string,
  message: HistoryMessage,
  isOfAddress: boolean,
  context: ActsContext,
): Acts {
  if (monthOf(message.createdAt) !== context.month) return { evidence: [], marks: [], apart: 0 };
  const fields = {
    ConversationSid: conversation,
    Author: message.author,
    // By which channel is not told, and makes no difference.
    Source: isOfAddress ? 'SMS' : undefined,
    ParticipantSid: message.participantSid ?? undefined,
    Index: String(message.index),
    DateCreated: instant(message.createdAt),
  };
  return tell('onMessageAdded', fields, message.createdAt, context);
}

/**
 * What a record proves is what the event would prove that told of it, so that both come to the same ledger. Like an
 * event of a stream it does not say who caused it.
 */
function tell(
  type: string,
  fields: WebhookParams,
  at: number,
  { month, classOf, ...context }: ActsContext,
): Acts {
  // Nothing is too old for it: whoever came long ago is a member still. Of another month it proves nothing, below.
  const nowMs = Math.min(context.nowMs, at);
  const seen = buildEvidence(type, fields, { classOf, nowMs, source: 'event-stream' });
  if (typeof seen === 'string') return { evidence: [], marks: [], apart: 0 };
  const evidence = seen.evidence
    .filter(({ at }) => monthOf(at) === month)
    .map((piece): Evidence => ({ ...piece, source: 'backfill' }));
  return { evidence, marks: seen.marks, apart: seen.outcome === 'apart' ? 1 : 0 };
}

function only({ month, classOf }: ActsContext, identity: Identity, signal: Signal, at: number): Evidence[] {
  if (monthOf(at) !== month) return [];
  return [{ identity, signal, at, source: 'backfill', className: classOf(identity) }];
}

function join(one: Acts, other: Acts): Acts {
  return {
    evidence: [...one.evidence, ...other.evidence],
    marks: [...one.marks, ...other.marks],
    apart: one.apart + other.apart,
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
