import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { streamExport } from '../../src/reports/stream-export.ts';

let server: Server;

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

interface Run {
  answer: IncomingMessage;
  /** Settles as the call of `streamExport` does. */
  outcome: Promise<'ended' | Error>;
}

/** Serves one export over a real connection. */
async function serve(pieces: AsyncGenerator<string, void, undefined>): Promise<Run> {
  let settle: (outcome: 'ended' | Error) => void;
  const outcome = new Promise<'ended' | Error>((resolve) => {
    settle = resolve;
  });
  server = createServer((_request, response) => {
    streamExport(pieces, response, () => response.setHeader('X-Begun', '1')).then(
      () => settle('ended'),
      (error: Error) => {
        settle(error);
        if (response.headersSent) response.destroy();
        else response.writeHead(503).end();
      },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const request = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', agent: false });
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  return { answer, outcome };
}

async function read(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of answer.setEncoding('utf8')) text += piece;
  return text;
}

describe('an export on its way', () => {
  it('arrives whole', async () => {
    async function* pieces() {
      yield 'a\n';
      yield 'b\n';
    }
    const { answer, outcome } = await serve(pieces());
    expect(await read(answer)).toBe('a\nb\n');
    expect(answer.headers['x-begun']).toBe('1');
    expect(await outcome).toBe('ended');
  });

  it('may be empty', async () => {
    async function* pieces(): AsyncGenerator<string, void, undefined> {}
    const { answer, outcome } = await serve(pieces());
    expect(await read(answer)).toBe('');
    expect(await outcome).toBe('ended');
  });

  it('can still be answered properly when reading fails before the first piece', async () => {
    // biome-ignore lint/correctness/useYield: it fails at once
    async function* pieces(): AsyncGenerator<string, void, undefined> {
      throw new Error('away');
    }
    const { answer, outcome } = await serve(pieces());
    expect(answer.statusCode).toBe(503);
    expect(answer.headers).not.toHaveProperty('x-begun');
    expect(await outcome).toEqual(new Error('away'));
  });

  it('is cut, not ended, when reading fails later', async () => {
    async function* pieces() {
      yield 'a\n';
      await sleep(20);
      throw new Error('away');
    }
    const { answer, outcome } = await serve(pieces());
    await expect(read(answer)).rejects.toThrow('aborted');
    expect(await outcome).toEqual(new Error('away'));
  });

  it('stops reading when its taker goes away, and waits while its taker is slow', async () => {
    let given = 0;
    let stopped = false;
    async function* pieces() {
      try {
        for (;;) {
          given += 1;
          yield 'x'.repeat(65_536);
          await sleep(0);
        }
      } finally {
        stopped = true;
      }
    }
    const { answer, outcome } = await serve(pieces());
    // Until the buffers on the way are full.
    let whileWaiting = -1;
    while (whileWaiting !== given) {
      whileWaiting = given;
      await sleep(300);
    }
    expect(whileWaiting).toBeLessThan(200);
    await sleep(100);
    expect(given).toBe(whileWaiting);
    answer.destroy();
    expect(await outcome).toBe('ended');
    expect(stopped).toBe(true);
  });
});
