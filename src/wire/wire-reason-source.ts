import type { Settings } from '../config/settings.ts';
import type { ReasonSource } from '../issue/ports.ts';
import { createReasonSource } from '../twilio/create-reason-source.ts';
import { readsOf } from './reads-of.ts';

/** Twilio as a source of reasons to connect, or null where it is not to be asked. */
export function wireReasonSource(settings: Settings): ReasonSource | null {
  return settings.connect.lookUp ? createReasonSource(readsOf(settings)) : null;
}
