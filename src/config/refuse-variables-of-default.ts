import { DEFAULT_SERVICE } from '../domain/service-name.ts';
import type { ConfigParts } from './config-parts.ts';
import type { VariableName } from './variables.ts';

/** What besides the signing variables speaks of the service `default` alone, and where it stands for another one. */
const KEYS = {
  TWILIO_PREVIOUS_API_KEY_SID: 'previousApiKey.sid',
  TWILIO_PREVIOUS_API_KEY_SECRET: 'previousApiKey.secretEnv',
  TWILIO_REST_API_KEY_SID: 'restApiKey.sid',
  TWILIO_REST_API_KEY_SECRET: 'restApiKey.secretEnv',
  TWILIO_REGION: 'region',
  TWILIO_EDGE: 'edge',
  TWILIO_PUSH_CREDENTIAL_SID: 'pushCredentialSid',
  MAU_BUDGET_IDENTITIES: 'budget.identities',
  MAU_BUDGET_MODE: 'budget.mode',
} as const satisfies Partial<Record<VariableName, string>>;

/**
 * Without a service `default` nothing would come of its variables: a limit that was set would never hold.
 *
 * @param others the services that there are
 */
export function refuseVariablesOfDefault(
  { environment, file, findings }: ConfigParts,
  others: readonly string[],
): void {
  const service = others.length === 1 ? others[0] : '<name>';
  for (const [name, key] of Object.entries(KEYS) as [keyof typeof KEYS, string][]) {
    if (!environment.isSet(name) || file.secretNames.includes(name)) continue;
    findings.fault({
      where: environment.get(name)?.where ?? name,
      expected: `a service named ${DEFAULT_SERVICE}, the only one that this variable speaks of`,
      found: `only ${others.join(', ')}`,
      hint: `write services.${service}.${key} in the config file instead`,
    });
  }
}
