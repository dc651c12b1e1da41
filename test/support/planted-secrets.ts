import { channel } from 'node:diagnostics_channel';
import querystring from 'node:querystring';
import { VARIABLES } from '../../src/config/variables.ts';

/** Shorter ones are words that stand in a text for other reasons. */
const LENGTH_MIN = 9;
/** `xxxxxxxx` does too. */
const SIGNS_MIN = 3;
/** Whom a key belongs to is no secret, even where a test puts it in place of one. */
const SID = /^[A-Z]{2}[0-9a-f]{32}$/;

const secrets = channel('mau-guard.test.secret');
const said = channel('mau-guard.test.said');

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Makes known what a gateway, or a part of one, is told in confidence. From now on, and in what was said before, it must
 * be seen in no answer and no log line of this test file (`secret-watch/watch-secrets.js`).
 *
 * @param env an environment, or made-up variables whose names say what they hold, such as `ADMIN_KEY`
 */
export function plantSecrets(env: Env): void {
  for (const [name, secret] of secretsOf(env)) secrets.publish({ name, secret });
}

/**
 * Has a text searched that does not pass through HTTP or a logger here.
 *
 * @param kind an `answer` may hold a credential that it gives to whom it answers; a `log` never
 * @param place what it is, such as `the log of a gateway`
 */
export function searchText(kind: 'answer' | 'log', place: string, text: string): void {
  said.publish({ kind, place, text });
}

/**
 * The secrets in an environment, by the variable that holds them: those that the gateway knows as such, and those that
 * a config file names.
 */
export function secretsOf(env: Env): [variable: string, secret: string][] {
  return Object.entries(env)
    .filter(([name]) => isSecret(name))
    .flatMap(([name, value = '']) => partsOf(name, value).map((part): [string, string] => [name, part]))
    .filter(([, secret]) => isTelling(secret));
}

function isSecret(name: string): boolean {
  const known = Object.hasOwn(VARIABLES, name) ? VARIABLES[name as keyof typeof VARIABLES] : null;
  return known === null ? /(?:_SECRET|_PASSWORD|_TOKEN|_KEY)$/.test(name) : 'secret' in known;
}

function isTelling(secret: string): boolean {
  return secret.length >= LENGTH_MIN && new Set(secret).size >= SIGNS_MIN && !SID.test(secret);
}

/** What of a value is secret: of a URL the password, of a key its body without what marks it. Hashes of keys are not. */
function partsOf(name: string, value: string): string[] {
  if (name === 'OPS_API_KEYS') return [];
  if (name === 'REDIS_URL') return URL.canParse(value) ? [querystring.unescape(new URL(value).password)] : [];
  if (!value.includes('-----BEGIN')) return [value.replace(/^whsec_/, '')];
  return value.split(/\n|\\n/).filter((line) => line !== '' && !line.startsWith('-----'));
}
