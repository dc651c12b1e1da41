import type { ConfigParts } from './config-parts.ts';
import { namedSecret } from './named-secret.ts';
import { refuseUnknownClass } from './refuse-unknown-class.ts';
import type { ClassSettings, GuestSettings, HumanCheckSettings } from './settings.ts';
import { plainText } from './value-schemas.ts';

const providerSecret = plainText('the secret of the human check on one line', 4096);

/** People without a login. Said in so many words, because each of them may cost money. */
export function buildGuests(parts: ConfigParts, classes: readonly ClassSettings[]): GuestSettings {
  const { file, findings } = parts;
  const entry = file.data.guests;
  if (entry !== undefined && entry.policy === undefined) {
    findings.fault({
      ...file.place(['guests', 'policy']),
      expected: 'deny or per-browser',
      found: 'nothing',
    });
  }
  const pick = <T>(setting: keyof GuestSettings, key: keyof NonNullable<typeof entry>, fallback: T): T =>
    findings.prefer<T>(
      `guests.${setting}`,
      [file.offer(['guests', key], entry?.[key] as T | undefined)],
      fallback,
    );
  const guests: GuestSettings = {
    policy: pick('policy', 'policy', 'deny'),
    className: pick('className', 'class', 'guest'),
    adoption: pick('adoption', 'adoption', 'on-request'),
    newPerHour: pick('newPerHour', 'newPerHour', 30),
    humanCheck: buildHumanCheck(parts),
  };
  if (entry !== undefined) refuseClass(parts, guests, classes);
  return guests;
}

/** Demo mode lets guests in, so that they can be tried; its class must be there for that. */
export function buildDemoGuests(parts: ConfigParts, classes: readonly ClassSettings[]): GuestSettings {
  const guests = buildGuests(parts, classes);
  const known = classes.find(({ name }) => name === guests.className);
  if (known?.identity.kind !== 'own') return guests;
  parts.findings.from('guests.policy', 'demo');
  parts.findings.from('guests.humanCheck', 'demo');
  return { ...guests, policy: 'per-browser', humanCheck: null };
}

/** An identity is never shared between people, so guests cannot be of a class that shares some. */
function refuseClass(
  parts: ConfigParts,
  { policy, className }: GuestSettings,
  classes: readonly ClassSettings[],
): void {
  const { file, findings } = parts;
  const known = classes.find(({ name }) => name === className);
  const named = file.data.guests?.class !== undefined;
  if (named || policy !== 'deny') refuseUnknownClass(parts, ['guests', 'class'], className, classes);
  if (known?.identity.kind === 'pool') {
    const expected = 'a class in which everybody has an identity of their own';
    findings.fault({
      ...file.place(['guests', 'class']),
      expected,
      found: `"${className}", which has a pool`,
    });
  }
}

function buildHumanCheck(parts: ConfigParts): HumanCheckSettings | null {
  const { file, findings } = parts;
  const entry = file.data.guests?.humanCheck;
  if (entry === undefined) return null;
  const path = ['guests', 'humanCheck'];
  const needed = {
    verifyUrl: 'where the provider verifies answers',
    secretEnv: 'the name of the variable that holds the secret',
    siteKey: 'the site key',
    provider: 'a label such as turnstile or hcaptcha',
  };
  for (const [key, expected] of Object.entries(needed)) {
    if (entry[key as keyof typeof needed] !== undefined) continue;
    findings.fault({ ...file.place([...path, key]), expected, found: 'nothing' });
  }
  const secret = namedSecret(parts, [...path, 'secretEnv'], entry.secretEnv, providerSecret);
  findings.from('guests.humanCheck', file.offer(path, entry)?.source ?? 'default');
  if (secret) findings.from('guests.humanCheck.secret', secret.source);
  return {
    verifyUrl: entry.verifyUrl ?? '',
    secret: secret?.value ?? '',
    siteKey: entry.siteKey ?? '',
    provider: entry.provider ?? '',
    timeoutMs: entry.timeoutMs ?? 3000,
  };
}
