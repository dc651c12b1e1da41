import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FakeAnswer, fakeError } from './fake-answers.ts';
import type { FakeRecords } from './fake-records.ts';
import { listUserConversations } from './fake-user-conversations.ts';

export interface FakeTwilioOptions extends FakeRecords {
  apiKey: { sid: string; secret: string };
  /** Looked at before the request; an answer goes out in place of the real one, `hang` gives none. */
  fault?: () => FakeAnswer | 'hang' | null;
}

export interface FakeTwilio {
  /** `http://127.0.0.1:…`, to be given as TWILIO_REST_URL. */
  url: string;
  /** Every request so far, such as `GET /v1/Services/…`. */
  requests: readonly string[];
  close(): Promise<void>;
}

/** Resources of the fake, by method and path. */
const RESOURCES = [
  {
    method: 'GET',
    path: /^\/v1\/Services\/([^/]+)\/Users\/([^/]+)\/Conversations$/,
    answer: listUserConversations,
  },
];

/** A small Twilio REST API on a free port of this machine, for demo and tests: what it knows, it answers as Twilio does. */
export async function startFakeTwilio(options: FakeTwilioOptions): Promise<FakeTwilio> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const fault = options.fault?.() ?? null;
    if (fault === 'hang') return;
    send(response, fault ?? answer(request, options));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(request: IncomingMessage, options: FakeTwilioOptions): FakeAnswer {
  const { sid, secret } = options.apiKey;
  const expected = `Basic ${Buffer.from(`${sid}:${secret}`).toString('base64')}`;
  if (request.headers.authorization !== expected) return fakeError(401, 20003, 'Authenticate');
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
  for (const { method, path, answer } of RESOURCES) {
    const match = path.exec(url.pathname);
    if (match === null) continue;
    if (request.method !== method) return fakeError(405, 20004, 'Method not allowed');
    return answer(options, url, match.slice(1).map(decodeURIComponent));
  }
  return fakeError(404, 20404, `The requested resource ${url.pathname} was not found`);
}

function send(response: ServerResponse, { status, body, headers = {} }: FakeAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
