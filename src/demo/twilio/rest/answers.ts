import type { FakeModel } from '../model/create-fake-model.ts';

export interface FakeAnswer {
  status: number;
  /** A text goes out as it is, anything else as JSON. */
  body: unknown;
  headers?: Record<string, string>;
}

/** A read of the fake's API. */
export interface FakeRead {
  model: FakeModel;
  url: URL;
  /** What stands at the variable places of the path, decoded. */
  path: readonly string[];
}

/** An error in Twilio's shape. */
export function fakeError(status: number, code: number, message: string): FakeAnswer {
  const body = { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
  return { status, body };
}

export function notFound({ url }: Pick<FakeRead, 'url'>): FakeAnswer {
  return fakeError(404, 20404, `The requested resource ${url.pathname} was not found`);
}

/** As the API writes instants: without fractions. */
export function secondOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Address of a resource; Twilio always names its own host, whatever host was asked. */
export function addressOf(path: string): string {
  return `https://conversations.twilio.com/v1${path}`;
}
