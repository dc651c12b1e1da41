import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { commandOnCore } from './pinning.js';

/**
 * Every process that the benchmark started and that still runs. None may outlive it, however it ends.
 *
 * @type {Set<import('node:child_process').ChildProcess>}
 */
const running = new Set();

const PATIENCE_MS = 10_000;

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 })) {
  // Not once: a second signal must not cut the cleaning up short.
  process.on(signal, () => process.exit(code));
}

/**
 * Starts a program on a core, when cores can be chosen.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ core: number | null } & import('node:child_process').SpawnOptions} options
 */
export async function startChild(program, args, { core, ...options }) {
  const [command, ...rest] = commandOnCore(core, [program, ...args]);
  const child = spawn(command, rest, options);
  running.add(child);
  child.once('exit', () => running.delete(child));
  try {
    await once(child, 'spawn');
  } catch (cause) {
    running.delete(child);
    throw new Error(`${program} cannot be run`, { cause });
  }
  return child;
}

/**
 * Starts a script of ours under the same Node as this one, with a channel for messages. It ends when the channel
 * closes, so that it ends with us even when we are killed.
 *
 * @param {URL} script
 * @param {{ core: number | null, args?: string[], stdout?: 'inherit' | number }
 *   & Pick<import('node:child_process').SpawnOptions, 'cwd' | 'env'>} options
 */
export function startNode(script, { args = [], nodeArgs = [], stdout = 'inherit', ...options }) {
  return startChild(process.execPath, [...nodeArgs, fileURLToPath(script), ...args], {
    ...options,
    stdio: ['ignore', stdout, 'inherit', 'ipc'],
    serialization: 'advanced',
  });
}

/**
 * The next message of a child; rejects when it ends or keeps silent instead.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} name for the message of a failure
 * @param {number} [patienceMs]
 * @returns {Promise<any>}
 */
export async function nextMessage(child, name, patienceMs = PATIENCE_MS) {
  const abort = new AbortController();
  const { signal } = abort;
  const timer = setTimeout(
    () => abort.abort(new Error(`${name} said nothing for ${patienceMs} ms`)),
    patienceMs,
  );
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]) => message),
      once(child, 'exit', { signal }).then(() => {
        throw new Error(`${name} ended unexpectedly`);
      }),
    ]);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}

/**
 * Ends a child in order, by force when it does not hear.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
export async function endChild(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  await exited;
  clearTimeout(killer);
}
