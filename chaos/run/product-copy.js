import { cpSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The built product in a folder of its own: a build during the run must not change what is started again in it.
 *
 * @param {string} folder
 * @param {string | null} productFolder where it was built; null: here
 * @returns {{ program: string, nodeFlags: string[] }}
 */
export function copyProduct(folder, productFolder) {
  const from = productFolder ?? HERE;
  const to = join(folder, 'product');
  mkdirSync(to);
  for (const part of ['dist', 'config', 'package.json']) {
    cpSync(join(from, part), join(to, part), { recursive: true });
  }
  symlinkSync(realpathSync(join(from, 'node_modules')), join(to, 'node_modules'));
  const program = join(to, 'dist/cli/main.js');
  // The flags that its own first line has, as `npm start` gives them.
  const nodeFlags = readFileSync(program, 'utf8').split('\n', 1)[0].split(' ').slice(3);
  return { program, nodeFlags };
}
