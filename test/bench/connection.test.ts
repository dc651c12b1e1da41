import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';

const { openConnection } = await import(new URL('../../bench/http/load/connection.js', import.meta.url).href);

interface Answer {
  status: number;
  expected: boolean;
  sample: string;
}

const EXPECTED = { status: 200, mark: '"outcome":"minted"' };
const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((closed) => server.close(closed));
});

/** Asks a server that answers with these pieces, and tells what the load generator made of them. */
async function ask(...pieces: string[]): Promise<Answer | string> {
  const server = createServer((socket: Socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.once('data', async () => {
      for (const piece of pieces) {
        socket.write(piece);
        await new Promise((later) => setTimeout(later, 10));
      }
    });
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const listener = {
      onAnswer: (connection: { close(): void }, answer: Answer) => {
        connection.close();
        resolve(answer);
      },
      onLost: resolve,
    };
    openConnection(port, EXPECTED, listener).then(
      (connection: { send(request: Buffer): void }) => connection.send(Buffer.from('ask')),
      reject,
    );
  });
}

function answer(status: string, body: string): string {
  return `HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\nX: 1\r\n\r\n${body}`;
}

describe('a connection of the load generator', () => {
  it('knows the answer it waits for', async () => {
    const minted = answer('200 OK', '{"outcome":"minted"}');
    expect(await ask(minted)).toEqual({ status: 200, expected: true, sample: '' });
  });

  it.each([
    ['another outcome', answer('200 OK', '{"outcome":"reused"}'), '200 {"outcome":"reused"}'],
    ['another status', answer('503 Unavailable', '{"outcome":"minted"}'), '503 {"outcome":"minted"}'],
  ])('tells %s and shows it', async (_what, text, sample) => {
    expect(await ask(text)).toMatchObject({ expected: false, sample });
  });

  it('does not take the mark in a header for one in the body', async () => {
    const text = 'HTTP/1.1 200 OK\r\nX: "outcome":"minted"\r\nContent-Length: 2\r\n\r\n{}';
    expect(await ask(text)).toMatchObject({ expected: false });
  });

  it('waits for an answer that comes in pieces', async () => {
    const text = answer('200 OK', '{"outcome":"minted"}');
    expect(await ask(text.slice(0, 12), text.slice(12, 45), text.slice(45))).toMatchObject({
      expected: true,
    });
  });

  it.each([
    [
      'an answer without a length',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'Content-Length',
    ],
    ['two answers to one request', answer('200 OK', '{}') + answer('200 OK', '{}'), 'more than one'],
  ])('gives up on %s', async (_what, text, reason) => {
    expect(await ask(text)).toContain(reason);
  });
});
