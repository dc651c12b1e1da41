import { type Identity, parseIdentity } from '../../domain/identity.ts';
import { parseServiceName, type ServiceName } from '../../domain/service-name.ts';
import { EVIDENCE_SOURCES, type EvidenceSource, SIGNALS, type Signal } from '../../domain/signal.ts';
import type { Evidence } from '../ledger.ts';

/** Evidence of one service, as the journal keeps it. */
export interface EvidenceEntry {
  service: ServiceName;
  evidence: Evidence[];
}

export function formatEvidenceEntry(service: ServiceName, evidence: readonly Evidence[]): string {
  const pieces = evidence.map(({ identity, signal, at, source, className }) => [
    ...[identity, signal, at],
    ...[source, className],
  ]);
  return JSON.stringify({ kind: 'evidence', service, pieces });
}

/** The entry, or null for a text that is none, such as one that a later version has written. */
export function parseEvidenceEntry(text: string): EvidenceEntry | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { kind, service, pieces } = (value ?? {}) as Record<string, unknown>;
  if (kind !== 'evidence' || typeof service !== 'string' || !Array.isArray(pieces)) return null;
  const name = parseServiceName(service);
  const evidence = pieces.map(parsePiece);
  if (name === null || !evidence.every((piece) => piece !== null)) return null;
  return { service: name, evidence };
}

function parsePiece(piece: unknown): Evidence | null {
  if (!Array.isArray(piece)) return null;
  const [text, signal, at, source, className] = piece as unknown[];
  const identity: Identity | null = typeof text === 'string' ? parseIdentity(text) : null;
  const known = SIGNALS.includes(signal as Signal) && EVIDENCE_SOURCES.includes(source as EvidenceSource);
  if (identity === null || !known || !Number.isSafeInteger(at) || typeof className !== 'string') return null;
  return {
    ...{ identity, signal: signal as Signal, at: at as number },
    ...{ source: source as EvidenceSource, className },
  };
}
