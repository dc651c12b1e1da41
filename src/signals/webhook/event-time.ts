import { EVIDENCE_DAYS_MAX } from '../../domain/signal.ts';
import type { WebhookParams } from '../ports.ts';
import { readField } from './fields.ts';

/** Somebody else's clock and ours may differ by so much. */
export const AHEAD_MS_MAX = 5 * 60_000;
const AGE_MS_MAX = EVIDENCE_DAYS_MAX * 86_400_000;

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * When an event happened, ms since the epoch: the first of the fields that is there.
 *
 * `malformed` when there is none or it is no instant (RFC 3339), `future` and `too-old` when it cannot be believed.
 */
export function readEventTime(
  params: WebhookParams,
  names: readonly string[],
  nowMs: number,
): number | 'malformed' | 'future' | 'too-old' {
  const text = names.map((name) => readField(params, name)).find((value) => value !== null);
  const at = text !== undefined && text !== null && INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) return 'malformed';
  if (at > nowMs + AHEAD_MS_MAX) return 'future';
  return at < nowMs - AGE_MS_MAX ? 'too-old' : at;
}
