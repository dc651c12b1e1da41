import { type Identity, parseIdentity } from '../domain/identity.ts';
import { parseServiceName, type ServiceName } from '../domain/service-name.ts';
import { EVIDENCE_SOURCES, type EvidenceSource, SIGNALS, type Signal } from '../domain/signal.ts';
import { type ConversationMark, isConversationSid } from './conversations.ts';
import type { Evidence } from './ledger.ts';
import { formatMark, parseMark } from './mark-entry.ts';

/** Evidence and marks of one service that were brought together. */
export interface EvidenceEntry {
  kind: 'evidence';
  service: ServiceName;
  evidence: Evidence[];
  marks: ConversationMark[];
}

/** As one line of text, in which nothing of a request's body is held on to. */
export function formatEvidenceEntry(
  service: ServiceName,
  evidence: readonly Evidence[],
  marks: readonly ConversationMark[],
): string {
  const pieces = evidence.map(({ identity, signal, at, source, className, upTo }) => [
    ...[identity, signal, at],
    ...[source, className],
    ...(upTo === undefined ? [] : [upTo.conversation, upTo.index]),
  ]);
  const entry = { kind: 'evidence', service, pieces };
  return JSON.stringify(marks.length === 0 ? entry : { ...entry, marks: marks.map(formatMark) });
}

/** The entry, or null for a value that is none. */
export function parseEvidenceEntry(value: Record<string, unknown>): EvidenceEntry | null {
  // Entries without marks, also those written before there were any, have no such field.
  const { service, pieces, marks: rows = [] } = value;
  if (typeof service !== 'string') return null;
  if (!Array.isArray(pieces) || !Array.isArray(rows)) return null;
  const name = parseServiceName(service);
  const evidence = pieces.map(parsePiece);
  const marks = rows.map(parseMark);
  if (name === null || !evidence.every((piece) => piece !== null)) return null;
  return marks.every((mark) => mark !== null) ? { kind: 'evidence', service: name, evidence, marks } : null;
}

function parsePiece(piece: unknown): Evidence | null {
  if (!Array.isArray(piece)) return null;
  const [text, signal, at, source, className, conversation, index] = piece as unknown[];
  const identity: Identity | null = typeof text === 'string' ? parseIdentity(text) : null;
  const known = SIGNALS.includes(signal as Signal) && EVIDENCE_SOURCES.includes(source as EvidenceSource);
  if (identity === null || !known || !Number.isSafeInteger(at) || typeof className !== 'string') return null;
  const evidence: Evidence = {
    ...{ identity, signal: signal as Signal, at: at as number },
    ...{ source: source as EvidenceSource, className },
  };
  // Nearly no piece says how far somebody has read, and none did before that was asked.
  if (conversation === undefined) return evidence;
  if (typeof conversation !== 'string' || !isConversationSid(conversation)) return null;
  if (signal !== 'read' || !Number.isSafeInteger(index) || (index as number) < 0) return null;
  return { ...evidence, upTo: { conversation, index: index as number } };
}
