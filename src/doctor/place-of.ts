import type { WebhookPlace } from './checks/webhooks.ts';
import type { DoctorService } from './ports.ts';

export interface PlaceParts {
  publicUrl: string | null;
  /** Whether an Auth Token is configured to check signatures with. */
  verifies: boolean;
  /** Names of the post-action events that tell something. */
  postEvents: readonly string[];
  /** All of the gateway. */
  services: readonly Pick<DoctorService, 'name' | 'accountSid'>[];
}

/** Where the webhooks of a service should lead, and what they should tell. */
export function placeOf(
  { publicUrl, verifies, postEvents, services }: PlaceParts,
  own: Pick<DoctorService, 'name' | 'accountSid'>,
): WebhookPlace {
  const shared = services.some(({ name, accountSid }) => name !== own.name && accountSid === own.accountSid);
  return { publicUrl, verifies, events: postEvents, serviceParameter: shared ? own.name : null };
}
