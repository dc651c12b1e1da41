import { type Identity, parseIdentity } from '../../domain/identity.ts';
import type { Evidence } from '../../ledger/ledger.ts';
import type { WebhookOutcome, WebhookParams } from '../ports.ts';
import { isAddress } from './address.ts';
import type { EventRule, Sighting } from './event-rules.ts';
import { readEventTime } from './event-time.ts';
import { readField } from './fields.ts';

/** Why an event gives no evidence. */
export type NoEvidence = Extract<WebhookOutcome, 'nothing' | 'apart' | 'malformed' | 'future' | 'too-old'>;

export interface EvidenceContext {
  nowMs: number;
  /** Class for an identity that the month does not know yet; `unknown` when nothing fits. */
  classOf(identity: Identity): string;
}

/** What one post-action event proves, and about whom; or why it proves nothing. The same event gives the same. */
export function buildEvidence(
  rule: EventRule,
  params: WebhookParams,
  { nowMs, classOf }: EvidenceContext,
): Evidence[] | NoEvidence {
  const named = rule.sightings(params);
  const sightings = [...(named === 'malformed' ? [] : named), ...readClient(params)];
  const nameless = named === 'malformed' ? 'malformed' : 'nothing';
  if (sightings.length === 0) return nameless;

  const at = readEventTime(params, rule.times, nowMs);
  if (typeof at === 'string') return at;
  const evidence = sightings.flatMap(({ identity, signal, doubtful }): Evidence[] => {
    if (identity === null) return [];
    // By the identity alone, so that the order in which evidence comes plays no part.
    const className = isAddress(identity) ? 'address' : classOf(identity);
    if (doubtful && className === 'unknown') return [];
    return [{ identity, signal, at, source: 'webhook', className }];
  });
  return evidence.length === 0 ? 'apart' : evidence;
}

/** What a client of the SDK causes, it causes over its connection. */
function readClient(params: WebhookParams): Sighting[] {
  const client = readField(params, 'ClientIdentity');
  if (client === null || readField(params, 'Source') !== 'SDK') return [];
  return [{ identity: parseIdentity(client), signal: 'connected' }];
}
