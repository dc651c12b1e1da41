import { cpSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(import.meta.dirname, '../..');
const FUSE = pathToFileURL(join(import.meta.dirname, 'fixtures/kill-fuse.js')).href;

/** Which export of which module is wrapped, by the function of that name in fixtures/kill-fuse.js. */
const WRAPPED: Record<string, string> = {
  'auth/create-authenticator.js': 'createAuthenticator',
  'issue/resolve-identity.js': 'createIdentityResolver',
  'policy/decide.js': 'decide',
  'ledger/timed-ledger.js': 'timeLedger',
  'issue/mint.js': 'createMinter',
};

/**
 * Makes a copy of the built program with a fuse between the issuing steps: with KILL_AT=<step> and KILL_ON=<n> it
 * ends by SIGKILL when that step is passed for the nth time. The wiring and every module are those of the program;
 * five of them are reached through a wrapper.
 *
 * @returns the program, to be run like `dist/cli/main.js`
 */
export function makeFusedProgram(folder: string): string {
  mkdirSync(folder, { recursive: true });
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(ROOT, 'config'), join(folder, 'config'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, name] of Object.entries(WRAPPED)) {
    const file = join(folder, 'dist', path);
    const original = `original-${basename(path)}`;
    renameSync(file, join(dirname(file), original));
    const lines = [
      `import * as original from './${original}';`,
      `import * as fuse from '${FUSE}';`,
      `export * from './${original}';`,
      `export const ${name} = fuse.${name}(original.${name});`,
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
  }
  return join(folder, 'dist/cli/main.js');
}
