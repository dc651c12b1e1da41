import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

export interface RedisServerOptions {
  /** More of redis-server's command line, such as `['--maxmemory', '1mb']`. */
  args?: readonly string[];
  /** Still more of it, made anew for each try: for ports that may be taken by then. */
  argsOfTry?(): Promise<readonly string[]>;
  /** Write and sync every change before it is acknowledged, as the gateway recommends. Default: nothing on disk. */
  appendfsyncAlways?: boolean;
  /** Listen here, to come back where an earlier server was; default a free port. */
  port?: number;
  /** Keep data here, to come back with an earlier server's data; not removed. Default a temporary folder. */
  dir?: string;
  /** Text of a configuration file of its own, which it may rewrite; a Sentinel has no other place to remember. */
  configText?: string;
  /** Distances from the port at which a port must be free too. */
  portsAlsoAt?: readonly number[];
}

export interface RedisServer {
  host: string;
  port: number;
  url: string;
  pid: number;
  dir: string;
  /** Ends the server in order and removes its temporary folder. May be called again, also after `kill`. */
  stop(): Promise<void>;
  /** Ends it at once, like a power cut (SIGKILL). */
  kill(): void;
  /** It keeps its connections and answers nothing (SIGSTOP). */
  pause(): void;
  resume(): void;
}

const HOST = '127.0.0.1';
const LOG = 'redis-server.log';
const START_DEADLINE_MS = 10_000;
const STOP_DEADLINE_MS = 3_000;
const ATTEMPTS = 5;

/**
 * Starts a real redis-server on loopback and resolves when it answers. It ends with this process at the latest,
 * however this process ends.
 */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort(options.portsAlsoAt));
    try {
      return await startOn(port, options);
    } catch (error) {
      const portTaken = String(error).includes('Address already in use');
      if (!portTaken || attempt === ATTEMPTS) throw error;
      if (options.port !== undefined) await sleep(100);
    }
  }
}

async function startOn(port: number, options: RedisServerOptions): Promise<RedisServer> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'mau-guard-redis-')));
  const folderToRemove = options.dir === undefined ? dir : null;
  const child = await spawnServer(port, dir, options);
  const undertaker = endWithThisProcess(child, folderToRemove);
  const stop = async () => {
    await end(child);
    undertaker.kill('SIGKILL');
    if (folderToRemove) await rm(folderToRemove, { recursive: true, force: true });
  };
  try {
    await untilReady(child, port, dir);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    host: HOST,
    port,
    url: `redis://${HOST}:${port}`,
    pid: child.pid as number,
    dir,
    stop,
    kill: () => child.kill('SIGKILL'),
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
  };
}

async function spawnServer(port: number, dir: string, options: RedisServerOptions): Promise<ChildProcess> {
  const persistence = options.appendfsyncAlways
    ? ['--appendonly', 'yes', '--appendfsync', 'always']
    : ['--appendonly', 'no'];
  const configFile = options.configText === undefined ? [] : [join(dir, 'redis.conf')];
  for (const path of configFile) await writeFile(path, options.configText ?? '');
  const log = await open(join(dir, LOG), 'a');
  const child = spawn(
    process.env['REDIS_SERVER_BIN'] || 'redis-server',
    [
      ...configFile,
      '--port',
      String(port),
      '--bind',
      HOST,
      '--dir',
      dir,
      '--save',
      '',
      ...persistence,
      ...(options.args ?? []),
      ...((await options.argsOfTry?.()) ?? []),
    ],
    { stdio: ['ignore', log.fd, log.fd] },
  );
  try {
    await once(child, 'spawn');
  } catch (cause) {
    throw new Error('redis-server cannot be run; `npm test` provides it', { cause });
  } finally {
    await log.close();
  }
  // A test that failed before it stopped the server should end as failed, not hang.
  child.unref();
  return child;
}

/** Resolves at the first PONG; rejects with the server's own words when it ends before. */
async function untilReady(child: ChildProcess, port: number, dir: string): Promise<void> {
  const words = () => readFile(join(dir, LOG), 'utf8');
  const lastWords = async () => (await words()).slice(-4_000);
  // By its number: the log may have an earlier server's words, and at the port somebody else may answer who was faster.
  const isReady = new RegExp(`^${child.pid}:.*(Ready to accept connections|Sentinel ID is)`, 'm');
  const deadline = performance.now() + START_DEADLINE_MS;
  while (performance.now() < deadline) {
    if (hasEnded(child)) throw new Error(`redis-server ended:\n${await lastWords()}`);
    if ((await answersPing(port)) && isReady.test(await words())) return;
    await sleep(20);
  }
  throw new Error(`redis-server did not answer within ${START_DEADLINE_MS} ms:\n${await lastWords()}`);
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST, () => socket.write('PING\r\n'));
    socket.setTimeout(500, () => socket.destroy());
    // -LOADING is not ready yet; -NOAUTH is: the test gave it a password.
    socket.once('data', (answer) => {
      resolve(/^(\+PONG|-NOAUTH)/.test(answer.toString()));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

/**
 * A shell that waits for the end of this process, then ends the server and removes its folder. Exit handlers
 * would not do: they are not run on SIGKILL, and a test runner replaces `process` inside test files.
 */
function endWithThisProcess(server: ChildProcess, folder: string | null): ChildProcess {
  const work = 'read -r _; kill -9 "$0"; if [ -n "$1" ]; then rm -rf "$1"; fi';
  const undertaker = spawn('sh', ['-c', work, String(server.pid), folder ?? ''], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Ctrl-C ends the whole foreground group, and this one must outlive the others.
    detached: true,
  });
  undertaker.unref();
  // Its number may be another program's later.
  server.once('exit', () => undertaker.kill('SIGKILL'));
  return undertaker;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const exited = once(child, 'exit');
  // A paused process would not see SIGTERM.
  child.kill('SIGCONT');
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
  await exited;
  clearTimeout(killer);
}
