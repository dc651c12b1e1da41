import type { ServiceEntry } from './config-file-schema.ts';
import type { ConfigParts } from './config-parts.ts';
import { placeOf } from './findings.ts';
import { namedSecret } from './named-secret.ts';
import type { Environment } from './read-environment.ts';
import { apiKeySecret, EXPECTED_API_SECRET, expectedSid, looksLikeAuthToken } from './sid-schema.ts';

/** One API key of a service: its place in the settings, in the file, and in the environment where it has one. */
export interface ApiKeySource {
  setting: string;
  path: readonly string[];
  entry: ServiceEntry['apiKey'];
  environment: Environment | null;
  /** False when the service can do without this key. */
  required: boolean;
  variables: {
    sid: 'TWILIO_API_KEY_SID' | 'TWILIO_PREVIOUS_API_KEY_SID' | 'TWILIO_REST_API_KEY_SID';
    secret: 'TWILIO_API_KEY_SECRET' | 'TWILIO_PREVIOUS_API_KEY_SECRET' | 'TWILIO_REST_API_KEY_SECRET';
  };
}

/** The key, or null. A required key that is missing is a fault, and so is half a key. */
export function buildApiKey(
  parts: ConfigParts,
  source: ApiKeySource,
): { sid: string; secret: string } | null {
  const { file, findings } = parts;
  const { setting, path, entry, environment, variables, required } = source;
  const sidGiven = environment?.isSet(variables.sid) || entry?.sid !== undefined;
  const secretGiven = environment?.isSet(variables.secret) || entry?.secretEnv !== undefined;
  if (!required && !sidGiven && !secretGiven && entry === undefined) return null;
  const fromFile = environment?.isSet(variables.secret)
    ? undefined
    : namedSecret(parts, [...path, 'secretEnv'], entry?.secretEnv, apiKeySecret);
  const sid = findings.prefer<string | null>(
    `${setting}.sid`,
    [environment?.get(variables.sid), file.offer([...path, 'sid'], entry?.sid)],
    null,
  );
  const secretOffer = environment?.get(variables.secret) ?? fromFile;
  const secret = findings.prefer<string | null>(`${setting}.secret`, [secretOffer], null);
  if (!sidGiven) lack(parts, source, 'sid');
  if (!secretGiven) lack(parts, source, 'secret');
  if (secretOffer && looksLikeAuthToken(secretOffer.value)) {
    if (parts.environment.get('TWILIO_AUTH_TOKEN')?.value === secretOffer.value) {
      const expected = EXPECTED_API_SECRET;
      findings.fault({ ...placeOf(secretOffer), expected, found: 'the Auth Token of the account' });
    }
    findings.notice(`${secretOffer.where} looks like an Auth Token; Twilio refuses tokens signed with that.`);
  }
  return sid === null || secret === null ? null : { sid, secret };
}

/** Reports a missing part under the name that the reader would most likely set. */
function lack({ file, findings }: ConfigParts, source: ApiKeySource, part: 'sid' | 'secret'): void {
  const { path, entry, environment, variables } = source;
  const key = part === 'sid' ? 'sid' : 'secretEnv';
  const byVariable = environment !== null && entry === undefined;
  const place = byVariable ? { where: variables[part] } : file.place([...path, key]);
  const secret = byVariable ? EXPECTED_API_SECRET : 'the name of the variable that holds the secret';
  findings.fault({ ...place, expected: part === 'sid' ? expectedSid('SK') : secret, found: 'nothing' });
}
