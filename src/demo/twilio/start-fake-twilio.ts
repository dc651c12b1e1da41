import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeUserConversations } from './fake-records.ts';
import { answerGiven } from './fake-user-conversations.ts';
import { createFakeModel, type FakeModel } from './model/create-fake-model.ts';
import { type FakeAnswer, fakeError } from './rest/answers.ts';
import type { FakeFault } from './rest/faults.ts';
import { answerRead } from './rest/resources.ts';

export interface FakeTwilioOptions {
  accountSid: string;
  /** Whoever has it may read; it needs no other. */
  apiKey: { sid: string; secret: string };
  /** What the API knows; an empty account unless told. */
  model?: FakeModel;
  users?: FakeUserConversations;
  /** Looked at before each request; what it gives goes out in place of the real answer. */
  fault?: () => FakeFault | null;
}

export interface FakeTwilio {
  /** `http://127.0.0.1:…`, to be given as TWILIO_REST_URL. */
  url: string;
  model: FakeModel;
  /** Every request so far, such as `GET /v1/Services/…`. */
  requests: readonly string[];
  close(): Promise<void>;
}

/** What an account is founded on when nobody says otherwise. */
const EMPTY = { services: [`IS${'0'.repeat(31)}1`], now: () => Date.UTC(2026, 10, 1) };

/** A small Twilio REST API on a free port of this machine, for demo and tests: what it knows, it answers as Twilio does. */
export async function startFakeTwilio(options: FakeTwilioOptions): Promise<FakeTwilio> {
  const { accountSid, fault } = options;
  const model = options.model ?? createFakeModel({ accountSid, ...EMPTY });
  const requests: string[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const met = fault?.() ?? null;
    if (met === 'hang') return;
    if (met === 'cut') {
      request.destroy();
      return;
    }
    if (met === null || 'delayMs' in met) {
      const answered = answer(request, { ...options, model });
      if (met === null) return send(response, answered);
      const timer = setTimeout(() => {
        timers.delete(timer);
        send(response, answered);
      }, met.delayMs);
      timers.add(timer);
      return;
    }
    send(response, met);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    ...{ model, requests },
    close: () =>
      new Promise((resolve) => {
        for (const timer of timers) clearTimeout(timer);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(request: IncomingMessage, options: FakeTwilioOptions & { model: FakeModel }): FakeAnswer {
  const { model, accountSid, users = {} } = options;
  const { sid, secret } = options.apiKey;
  const expected = `Basic ${Buffer.from(`${sid}:${secret}`).toString('base64')}`;
  if (request.headers.authorization !== expected) return fakeError(401, 20003, 'Authenticate');
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
  try {
    const given = request.method === 'GET' ? answerGiven(accountSid, users, url) : null;
    return given ?? answerRead(request.method ?? '', { model, url });
  } catch (error) {
    if (error instanceof URIError) return fakeError(400, 20001, 'The path is not well-formed');
    throw error;
  }
}

function send(response: ServerResponse, { status, body, headers = {} }: FakeAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
