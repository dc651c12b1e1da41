import type { IncomingHttpHeaders } from 'node:http';
import type { InputFault } from '../domain/refusal.ts';

/** Conditions under which an operator's write is made, from the headers of its request. */
export interface WriteConditions {
  /** States that may be overwritten; null: any. */
  ifMatch: readonly string[] | null;
  idempotencyKey: string | null;
  faults: InputFault[];
}

const PRINTABLE_ASCII = /^[\x20-\x7e]{1,255}$/;
/** RFC 9110 section 8.8.3. */
const ENTITY_TAGS = /^(?:W\/)?"[\x21\x23-\x7e]*"(?:[ \t]*,[ \t]*(?:W\/)?"[\x21\x23-\x7e]*")*$/;
const STRONG_TAG = /(?<!W\/)"([\x21\x23-\x7e]*)"/g;

/** @param needsIfMatch whether a write without `If-Match` is refused */
export function readWriteConditions(headers: IncomingHttpHeaders, needsIfMatch: boolean): WriteConditions {
  const faults: InputFault[] = [];
  const key = headers['idempotency-key'];
  const idempotencyKey = key === undefined ? null : String(key);
  if (idempotencyKey !== null && !PRINTABLE_ASCII.test(idempotencyKey)) {
    faults.push({ pointer: 'Idempotency-Key', detail: 'Must be 1 to 255 printable ASCII characters.' });
  }
  const match = headers['if-match']?.trim();
  if (match === undefined && needsIfMatch) {
    faults.push({ pointer: 'If-Match', detail: 'Is required: the ETag of the state that you have read.' });
  }
  if (match !== undefined && match !== '*' && !ENTITY_TAGS.test(match)) {
    faults.push({ pointer: 'If-Match', detail: 'Must be the ETag that was given, in quotes.' });
  }
  return { ifMatch: match === undefined || match === '*' ? null : strongTags(match), idempotencyKey, faults };
}

/** `If-Match` compares strongly (RFC 9110 section 13.1.1): a weak tag never matches. */
function strongTags(match: string): string[] {
  return [...match.matchAll(STRONG_TAG)].map(([, tag = '']) => tag);
}
