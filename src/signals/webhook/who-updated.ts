import type { WebhookParams } from '../ports.ts';
import { readField } from './fields.ts';

/**
 * Who caused an event about a member: they themselves, over the SDK; surely somebody else, such as a backend; or nobody says,
 * as in Event Streams, which do not name the source.
 */
export function whoUpdated(params: WebhookParams, member: string): 'themselves' | 'other' | 'unknown' {
  const source = readField(params, 'Source');
  if (source === null) return 'unknown';
  const client = readField(params, 'ClientIdentity');
  return source === 'SDK' && (client === null || client === member) ? 'themselves' : 'other';
}
