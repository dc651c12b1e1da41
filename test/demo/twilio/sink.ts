import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
  form: Record<string, string>;
}

/** Takes what webhooks bring, on a free port. */
export interface Sink {
  url: string;
  received: Received[];
  /** The status of each answer, in order; 200 once there are none. Null: no answer. */
  statuses: (number | null)[];
  close(): Promise<void>;
}

export async function openSink(): Promise<Sink> {
  const received: Received[] = [];
  const statuses: (number | null)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const form = Object.fromEntries(new URLSearchParams(body));
      received.push({ url: request.url ?? '', headers: request.headers, body, form });
      const status = statuses.length === 0 ? 200 : (statuses.shift() ?? null);
      if (status !== null) response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ received, statuses },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
