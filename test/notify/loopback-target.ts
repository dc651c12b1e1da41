import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedPost {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface LoopbackTarget {
  url: string;
  received: ReceivedPost[];
  /** How the next posts are answered; `hang` never does, `endless` never ends its body. */
  answer: { status: number; headers?: Record<string, string> } | 'hang' | 'endless';
  close(): Promise<void>;
}

/** Something on this machine that takes alerts. */
export async function startLoopbackTarget(): Promise<LoopbackTarget> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      target.received.push({ method, path, headers, body });
      if (target.answer === 'hang') return;
      if (target.answer === 'endless') {
        response.writeHead(200).write('x'.repeat(65_536));
        return;
      }
      response.writeHead(target.answer.status, target.answer.headers).end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const target: LoopbackTarget = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/T00/B00/secret-part`,
    received: [],
    answer: { status: 200 },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return target;
}
