import type { ServiceName } from '../../domain/service-name.ts';
import type { WebhookParams } from '../ports.ts';
import { readField } from './fields.ts';

/** One Conversations service of the configuration. */
export interface WebhookService {
  name: ServiceName;
  accountSid: string;
  serviceSid: string;
}

/**
 * The service that an event is about: the one that it names; else the one that the address names (`?service=`, signed
 * along with it), since events of messages and participants do not say; else the only one of the account.
 */
export function chooseService(
  services: readonly WebhookService[],
  params: WebhookParams,
  named: string | null,
): WebhookService | 'other-account' | 'other-service' | 'unclear-service' {
  const account = readField(params, 'AccountSid');
  const candidates = services.filter(({ accountSid }) => accountSid === account);
  if (candidates.length === 0) return 'other-account';
  const sid = readField(params, 'ChatServiceSid');
  if (sid !== null) return candidates.find(({ serviceSid }) => serviceSid === sid) ?? 'other-service';
  if (named !== null) return candidates.find(({ name }) => name === named) ?? 'other-service';
  const [only, ...others] = candidates;
  return only === undefined || others.length > 0 ? 'unclear-service' : only;
}
