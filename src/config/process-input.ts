import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ConfigInput } from './load-config.ts';

/** What the configuration of a running process is read from. */
export type ProcessInput = Omit<ConfigInput, 'flags' | 'demo' | 'demoIdentitySecret'>;

/** The environment, `.env` and files of this process. The only place that looks at `process.env`. */
export function readProcessInput(): ProcessInput {
  return {
    env: process.env,
    dotEnvFile: '.env',
    cwd: process.cwd(),
    readFile: (path) => readFileSync(path, 'utf8'),
    randomBytes,
    tty: process.stdout.isTTY === true,
  };
}
