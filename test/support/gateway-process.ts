import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plantSecrets, searchText } from './planted-secrets.ts';

export interface GatewayOptions {
  /** The whole environment, besides what lets a program run at all and free ports. */
  env?: Record<string, string>;
  /** Behind `serve`. */
  args?: readonly string[];
  /** What is run. Default `dist/cli/main.js`, which is built before. */
  program?: string;
  /** Text of the config file; it is written beside the ledger and named in the environment. */
  configFile?: string;
  /** Where it runs and keeps its files. Default a temporary folder, which is removed in the end. */
  cwd?: string;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface GatewayProcess {
  /** Where it listens, such as `http://127.0.0.1:40123`. */
  url: string;
  pid: number;
  cwd: string;
  /** Everything it has printed so far. */
  stdout(): string;
  stderr(): string;
  /** Settles when it has ended, in whatever way. */
  ended: Promise<Exit>;
  /** Asks it to end in order (SIGTERM) and waits. May be called again, also after its end. */
  stop(): Promise<Exit>;
  /** Ends it at once (SIGKILL) and waits. */
  kill(): Promise<Exit>;
}

const ROOT = join(import.meta.dirname, '../..');
const PROGRAM = join(ROOT, 'dist/cli/main.js');
/** The last line of either announcement. */
const READY = /listening on (http:\S+)\n|POST (http:\S+)\/v1\/tokens [\s\S]*start again\.\n/;
/** A busy machine takes long to start a program. */
const START_DEADLINE_MS = 45_000;

let built: Promise<void> | undefined;

/**
 * Starts the real program, `mau-guard serve` as it was built, on a free port, and resolves when it listens. What it
 * answers this process, and all that it prints, is searched for the secrets that it was given.
 *
 * @throws Error with its own words when it does not
 */
export async function startGateway(options: GatewayOptions = {}): Promise<GatewayProcess> {
  const launched = await launch(options);
  const { child, cwd, said, ended } = launched;
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  const url = await untilReady(launched);
  if (url === null) {
    const { code, stdout, stderr } = await end('SIGKILL');
    throw new Error(`the gateway does not listen (exit code ${code}):\n${stdout}${stderr}`);
  }
  return {
    url,
    pid: child.pid as number,
    cwd,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    ended,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

/** The address it names; null when it ends before, or takes too long. */
function untilReady({ child, said, ended }: Launched): Promise<string | null> {
  return new Promise((resolve) => {
    const deadline = setTimeout(() => settle(null), START_DEADLINE_MS);
    const settle = (url: string | null) => {
      clearTimeout(deadline);
      resolve(url);
    };
    const look = () => {
      const [, listening, demo] = READY.exec(`${said.stderr}${said.stdout}`) ?? [];
      const url = listening ?? demo;
      if (url !== undefined) settle(url);
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    ended.then(
      () => settle(null),
      () => settle(null),
    );
  });
}

/**
 * Runs a gateway that is expected to refuse to start, and answers how it ended.
 *
 * @param deadlineMs when it is killed; one that waits for Redis takes ten seconds to give up
 */
export async function runGateway(
  options: GatewayOptions = {},
  deadlineMs = START_DEADLINE_MS,
): Promise<Exit> {
  const { child, ended } = await launch(options);
  const deadline = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
  const exit = await ended;
  clearTimeout(deadline);
  return exit;
}

interface Launched {
  child: ChildProcess;
  cwd: string;
  said: { stdout: string; stderr: string };
  ended: Promise<Exit>;
}

async function launch(options: GatewayOptions): Promise<Launched> {
  await buildOnce();
  const cwd = options.cwd ?? (await mkdtemp(join(tmpdir(), 'mau-guard-gateway-')));
  const env: Record<string, string> = { PORT: '0', METRICS_PORT: 'off', ...machineEnv(), ...options.env };
  if (options.configFile !== undefined) {
    env['MAU_CONFIG_FILE'] = join(cwd, 'gateway.yaml');
    await writeFile(env['MAU_CONFIG_FILE'], options.configFile);
  }
  plantSecrets(env);
  const args = [options.program ?? PROGRAM, 'serve', ...(options.args ?? [])];
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const undertaker = endWithThisProcess(child);
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  const ended = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject);
    // `close`, not `exit`: only then everything it said has arrived.
    child.once('close', (code, signal) => resolve({ code, signal, ...said }));
  })
    // Of every gateway that any test starts.
    .then((exit) => {
      searchText('log', 'the log of a gateway', `${exit.stdout}${exit.stderr}`);
      return exit;
    })
    .finally(async () => {
      undertaker.kill('SIGKILL');
      if (options.cwd === undefined) await rm(cwd, { recursive: true, force: true });
    });
  return { child, cwd, said, ended };
}

/** What every program needs of the machine, and nothing that configures a gateway. */
function machineEnv(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot', 'NODE_V8_COVERAGE'];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] as string]])),
  );
}

/** Brings dist up to date, which costs next to nothing when it is. */
export function buildOnce(): Promise<void> {
  built ??= build();
  return built;
}

function build(): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'scripts/build.js')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let words = '';
    const hear = (text: unknown) => {
      words += String(text);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`the build failed:\n${words}`)),
    );
  });
}

/** A shell that outlives this process, however it ends, and takes the gateway along. */
function endWithThisProcess(gateway: ChildProcess): ChildProcess {
  const undertaker = spawn('sh', ['-c', 'read -r _; kill -9 "$0"', String(gateway.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  undertaker.unref();
  // Its number may be another program's later.
  gateway.once('exit', () => undertaker.kill('SIGKILL'));
  return undertaker;
}
