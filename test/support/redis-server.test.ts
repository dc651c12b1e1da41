import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, jest } from '@jest/globals';
import { transformFile } from '@swc/core';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { startRedisServer } from './redis-server.ts';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function eventually(holds: () => boolean): Promise<boolean> {
  for (let waited = 0; waited < 5_000 && !holds(); waited += 20) await sleep(20);
  return holds();
}

/** One command on a connection of its own, without retries. */
function ask(port: number, ...command: [string, ...string[]]): Promise<unknown> {
  return askWithin(5_000, port, ...command);
}

async function askWithin(
  timeoutMs: number,
  port: number,
  ...command: [string, ...string[]]
): Promise<unknown> {
  const client = new Redis(port, '127.0.0.1', {
    lazyConnect: true,
    retryStrategy: () => null,
    commandTimeout: timeoutMs,
    enableReadyCheck: false,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return await client.call(...command);
  } finally {
    client.disconnect();
  }
}

describe('freePort', () => {
  it('passes over a port with a neighbour in use', async () => {
    const neighbour = createServer().listen(0, '127.0.0.1');
    await once(neighbour, 'listening');
    const { port } = neighbour.address() as AddressInfo;
    const drawing = jest.spyOn(Math, 'random');
    try {
      // Ports next to each other, of which the second has the neighbour.
      drawing.mockReturnValueOnce(0.2).mockReturnValueOnce(0.201).mockReturnValueOnce(0.202);
      const before = await freePort();
      expect(await freePort([port - before - 1])).not.toBe(before + 1);
      expect(drawing.mock.calls.length).toBeGreaterThanOrEqual(3);
    } finally {
      drawing.mockRestore();
      neighbour.close();
    }
  });

  it('draws no port twice', async () => {
    const drawing = jest.spyOn(Math, 'random').mockReturnValueOnce(0.3).mockReturnValueOnce(0.3);
    try {
      expect(await freePort()).not.toBe(await freePort());
    } finally {
      drawing.mockRestore();
    }
  });
});

describe('startRedisServer', () => {
  it('answers, and leaves neither process nor folder after stop', async () => {
    const server = await startRedisServer();
    expect(await ask(server.port, 'PING')).toBe('PONG');
    expect(existsSync(server.dir)).toBe(true);
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
    expect(existsSync(server.dir)).toBe(false);
    await server.stop();
  });

  it('pauses and resumes', async () => {
    const server = await startRedisServer();
    server.pause();
    await expect(askWithin(300, server.port, 'PING')).rejects.toThrow();
    server.resume();
    expect(await ask(server.port, 'PING')).toBe('PONG');
    server.pause();
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
  });

  it('passes arguments on', async () => {
    const server = await startRedisServer({ args: ['--maxmemory', '5mb'] });
    expect(await ask(server.port, 'CONFIG', 'GET', 'maxmemory')).toEqual(['maxmemory', '5242880']);
    await server.stop();
  });

  it('comes back at the same port with what was acknowledged before a power cut', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'mau-guard-redis-kept-'));
    const before = await startRedisServer({ appendfsyncAlways: true, dir });
    await ask(before.port, 'SET', 'k', 'v');
    before.kill();
    expect(await eventually(() => !isAlive(before.pid))).toBe(true);
    const after = await startRedisServer({ appendfsyncAlways: true, dir, port: before.port });
    expect(await ask(after.port, 'GET', 'k')).toBe('v');
    await after.stop();
    await before.stop();
    expect(existsSync(dir)).toBe(true);
    await rm(dir, { recursive: true });
  });

  it('is not taken for another one that was faster at its port', async () => {
    const faster = await startRedisServer();
    await expect(startRedisServer({ port: faster.port })).rejects.toThrow('Address already in use');
    await faster.stop();
  });

  it("says in the server's own words why it does not start", async () => {
    await expect(startRedisServer({ args: ['--maxmemory', 'plenty'] })).rejects.toThrow(/maxmemory/);
  });

  it('ends with its process, even when that is killed', async () => {
    const { script, folder } = await asPlainJavaScript();
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(child.stdout, 'data');
    const { pid, dir } = JSON.parse(String(line));
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGKILL');
    expect(await eventually(() => !isAlive(pid) && !existsSync(dir))).toBe(true);
    await rm(folder, { recursive: true });
  });
});

/** A program that starts a server and stays; Node 20 does not run TypeScript, so the helpers are translated. */
async function asPlainJavaScript(): Promise<{ script: string; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'mau-guard-helpers-'));
  for (const name of ['free-port', 'redis-server']) {
    const { code } = await transformFile(join(import.meta.dirname, `${name}.ts`), {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
    });
    await writeFile(join(folder, `${name}.mjs`), code.replaceAll(/(from '\.\/.*)\.ts'/g, "$1.mjs'"));
  }
  const helper = pathToFileURL(join(folder, 'redis-server.mjs')).href;
  const script = `
    const { startRedisServer } = await import('${helper}');
    const { pid, dir } = await startRedisServer();
    console.log(JSON.stringify({ pid, dir }));
    setInterval(() => {}, 1000);
  `;
  return { script, folder };
}
