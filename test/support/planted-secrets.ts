import { VARIABLES } from '../../src/config/variables.ts';

/** Shorter ones are words that a log may hold for other reasons. */
const LENGTH_MIN = 12;

/**
 * The secrets in the environment of a gateway, by the variable that holds them: those that the gateway knows as such,
 * and those that a config file names.
 */
export function secretsOf(env: Readonly<Record<string, string>>): [variable: string, secret: string][] {
  return Object.entries(env)
    .filter(([name]) => isSecret(name))
    .flatMap(([name, value]) => partsOf(name, value).map((part): [string, string] => [name, part]))
    .filter(([, secret]) => secret.length >= LENGTH_MIN);
}

/**
 * Looks for the secrets of a gateway in what it has said, as they are and in the encodings that a plain search misses.
 *
 * @throws Error with the names of the variables, never with a secret
 */
export function refuseSecrets(said: string, env: Readonly<Record<string, string>>): void {
  const shown = secretsOf(env).filter(([, secret]) => formsOf(secret).some((form) => said.includes(form)));
  if (shown.length === 0) return;
  throw new Error(`the gateway gave away what ${shown.map(([name]) => name).join(', ')} holds`);
}

function isSecret(name: string): boolean {
  const known = Object.hasOwn(VARIABLES, name) ? VARIABLES[name as keyof typeof VARIABLES] : null;
  return known === null ? /(?:_SECRET|_PASSWORD|_TOKEN)$/.test(name) : 'secret' in known;
}

/** What of a value is secret: of a URL the password, of a key in PEM its body. Hashes of keys are not. */
function partsOf(name: string, value: string): string[] {
  if (name === 'OPS_API_KEYS') return [];
  if (name === 'REDIS_URL') return URL.canParse(value) ? [decodeURIComponent(new URL(value).password)] : [];
  if (!value.includes('-----BEGIN')) return [value];
  return value.split(/\n|\\n/).filter((line) => line !== '' && !line.startsWith('-----'));
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  return [secret, bytes.toString('hex'), base64, bytes.toString('base64url'), encodeURIComponent(secret)];
}
