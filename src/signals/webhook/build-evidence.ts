import type { Identity } from '../../domain/identity.ts';
import type { EvidenceSource } from '../../domain/signal.ts';
import type { ConversationMark } from '../../ledger/conversations.ts';
import type { Evidence } from '../../ledger/ledger.ts';
import type { WebhookOutcome, WebhookParams } from '../ports.ts';
import { readConversationMarks, readUpTo } from './conversation-marks.ts';
import { EVENT_RULES, type Sighting } from './event-rules.ts';
import { readEventTime } from './event-time.ts';
import { readField } from './fields.ts';
import { keepIdentity } from './kept-identity.ts';

/** What one event tells. */
export interface Observation {
  evidence: Evidence[];
  marks: ConversationMark[];
  /** `marked`: it proves nothing about anybody, but tells of a conversation. */
  outcome: Extract<WebhookOutcome, 'recorded' | 'marked' | 'nothing' | 'apart'>;
}

/** Why an event is worth nothing. */
export type Unusable = Extract<WebhookOutcome, 'unknown-event' | 'malformed' | 'future' | 'too-old'>;

export interface EvidenceContext {
  source: Extract<EvidenceSource, 'webhook' | 'event-stream'>;
  nowMs: number;
  /** Class for an identity that the month does not know yet; `unknown` when nothing fits. */
  classOf(identity: Identity): string;
}

/** What one post-action event proves, and about whom; or why it proves nothing. The same event gives the same. */
export function buildEvidence(
  type: string,
  params: WebhookParams,
  context: EvidenceContext,
): Observation | Unusable {
  const rule = Object.hasOwn(EVENT_RULES, type) ? EVENT_RULES[type] : undefined;
  if (rule === undefined) return 'unknown-event';
  const named = rule.sightings(params);
  const sightings = [...(named === 'malformed' ? [] : named), ...readClient(params)];
  if (named === 'malformed' && sightings.length === 0) return 'malformed';

  const at = readEventTime(params, rule.times, context.nowMs);
  // A time decides nothing about an event that tells nothing.
  if (typeof at === 'string') return tells(type, params, sightings) ? at : NOTHING;
  const marks = readConversationMarks(type, params, at);
  const evidence = sightings
    .flatMap((sighting) => buildPiece(sighting, at, context))
    .map((piece) => (piece.signal === 'read' ? sayHowFar(piece, params) : piece));
  const otherwise = marks.length > 0 ? 'marked' : 'nothing';
  const outcome = evidence.length > 0 ? 'recorded' : sightings.length > 0 ? 'apart' : otherwise;
  return { evidence, marks, outcome };
}

const NOTHING: Observation = Object.freeze({ evidence: [], marks: [], outcome: 'nothing' });

function tells(type: string, params: WebhookParams, sightings: readonly Sighting[]): boolean {
  return sightings.length > 0 || readConversationMarks(type, params, 0).length > 0;
}

function buildPiece(
  { identity, signal, doubtful }: Sighting,
  at: number,
  { classOf, source }: EvidenceContext,
): Evidence[] {
  if (identity === null) return [];
  const className = classOf(identity);
  if (doubtful && className === 'unknown') return [];
  return [{ identity, signal, at, source, className }];
}

/** Without a conversation nobody can tell whether the index has moved. */
function sayHowFar(read: Evidence, params: WebhookParams): Evidence {
  const upTo = readUpTo(params);
  return upTo === null ? read : { ...read, upTo };
}

/** What a client of the SDK causes, it causes over its connection. */
function readClient(params: WebhookParams): Sighting[] {
  const client = readField(params, 'ClientIdentity');
  if (client === null || readField(params, 'Source') !== 'SDK') return [];
  return [{ identity: keepIdentity(client), signal: 'connected' }];
}
