import type { WebhookParams } from '../ports.ts';

/** A field of a form, null when it is absent, empty, or sent more than once: who knows which one was meant. */
export function readField(params: WebhookParams, name: string): string | null {
  const value = params[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
