import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatFaults } from '../../src/config/format-config.ts';
import { type ConfigInput, type ConfigResult, loadConfig } from '../../src/config/load-config.ts';
import { plantSecrets } from '../support/planted-secrets.ts';

export type Env = Record<string, string | undefined>;

export const ACCOUNT = `AC${'1'.repeat(32)}`;
export const KEY = `SK${'2'.repeat(32)}`;
export const SERVICE = `IS${'3'.repeat(32)}`;

/** The least that a real gateway starts with. */
export const MINIMAL: Env = {
  TWILIO_ACCOUNT_SID: ACCOUNT,
  TWILIO_API_KEY_SID: KEY,
  TWILIO_API_KEY_SECRET: 'signing-secret-of-the-tests',
  TWILIO_CONVERSATIONS_SERVICE_SID: SERVICE,
  IDENTITY_SECRET: 'identity-secret-of-the-tests-0001',
  AUTH_ISSUER: 'https://login.example.com/',
  AUTH_AUDIENCE: 'chat',
};

export const REPOSITORY = join(import.meta.dirname, '../..');

export interface Given {
  env?: Env;
  flags?: Record<string, string>;
  /** Files by path; nothing else exists. */
  files?: Record<string, string>;
  /** The text of config/mau-guard.yaml. */
  yaml?: string;
  demo?: boolean;
  tty?: boolean;
}

/** The input of a loader whose disk is made of the given texts. What is secret in its environment must be seen nowhere. */
export function inputOf({ files = {}, yaml, env = {}, ...rest }: Given): ConfigInput {
  plantSecrets(env);
  const disk: Record<string, string> = { ...files };
  if (yaml !== undefined) disk['config/mau-guard.yaml'] = yaml;
  return {
    env,
    dotEnvFile: '.env',
    cwd: '/app',
    readFile(path) {
      const text = disk[path.replace('/app/', '')];
      if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return text;
    },
    randomBytes: (bytes) => new Uint8Array(bytes).fill(7),
    demoIdentitySecret: (ledgerPath) => `demo identity secret beside ${ledgerPath}`,
    ...rest,
  };
}

export function load(given: Given): ConfigResult {
  const result = loadConfig(inputOf(given));
  if (result.ok) plantSecrets({ COOKIE_SECRET: result.settings.cookieSecrets.current });
  return result;
}

/** The settings and sources of an input that must be without fault. */
export function loaded(given: Given): Extract<ConfigResult, { ok: true }> {
  const result = load(given);
  if (!result.ok) throw new Error(formatFaults(result.faults));
  return result;
}

/** Every fault as it is printed. */
export function faultLines(given: Given): string[] {
  const result = load(given);
  return result.ok ? [] : formatFaults(result.faults).trimEnd().split('\n');
}

export function readRepositoryFile(path: string): string {
  return readFileSync(join(REPOSITORY, path), 'utf8');
}
