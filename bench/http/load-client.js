import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endChild, nextMessage, startNode } from '../system/children.js';

/** Longer than any run that is asked for. */
const RUN_PATIENCE_MS = 180_000;

/**
 * The load generator as seen from here.
 *
 * @typedef {object} LoadClient
 * @property {(job: object) => Promise<any>} run does one run; rejects when anything unexpected came back
 * @property {number} pid
 * @property {() => Promise<void>} stop
 */

/**
 * @param {{ folder: string, core: number | null, logins: readonly string[] }} options
 * @returns {Promise<LoadClient>}
 */
export async function startLoadClient({ folder, core, logins }) {
  const file = join(folder, 'logins.json');
  await writeFile(file, JSON.stringify(logins), { mode: 0o600 });
  const child = await startNode(new URL('./load/load-generator.js', import.meta.url), { core, args: [file] });
  await nextMessage(child, 'the load generator');
  return {
    pid: child.pid,
    async run(job) {
      child.send(job);
      const { result, error } = await nextMessage(child, 'the load generator', RUN_PATIENCE_MS);
      if (error !== undefined) throw new Error(`load generator: ${error}`);
      if (result.unexpected > 0) {
        const { answered, unexpected, samples } = result;
        throw new Error(
          `${unexpected} of ${answered} answers were not as expected:\n  ${samples.join('\n  ')}`,
        );
      }
      return result;
    },
    stop: () => endChild(child),
  };
}
