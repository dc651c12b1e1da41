import { GatewayAway, GatewayRefusal } from './gateway-errors.ts';
import { readProblem } from './read-problem.ts';

/** One of the schemas of the contract. */
export interface AnswerSchema<Data> {
  safeParse(value: unknown): { success: true; data: Data } | { success: false };
}

export interface Answer<Data> {
  data: Data;
  /** The very object of the API, also what this version does not know of. */
  json: unknown;
  /** As it is to be sent in `If-Match`; null without one. */
  etag: string | null;
}

export interface Question<Data> {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Below the base URL, encoded. */
  path: string;
  query?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is with a media type of its own. */
  body?: object | { mediaType: string; text: string };
  schema: AnswerSchema<Data>;
  ifMatch?: string | null;
  /** Of a write: makes asking twice harmless. Null for a question that changes nothing. */
  idempotencyKey: string | null;
  /** How long to wait for the answer, ms. */
  patienceMs: number;
}

export interface GatewayClientOptions {
  /** Base URL without a trailing slash. */
  url: string;
  key: string;
  fetch: typeof fetch;
  /** Aborts what is under way. */
  signal: AbortSignal;
}

/** Asks a running gateway. Safe to repeat with the same idempotency key. */
export interface GatewayClient {
  /**
   * @throws GatewayRefusal with the problem document
   * @throws GatewayAway when there is no answer; a write may have been made then
   */
  ask<Data>(question: Question<Data>): Promise<Answer<Data>>;
}

export function createGatewayClient({ url, key, fetch, signal }: GatewayClientOptions): GatewayClient {
  return {
    async ask({ method, path, query, body, schema, ifMatch, idempotencyKey, patienceMs }) {
      const search = new URLSearchParams(query).toString();
      const headers: Record<string, string> = {
        authorization: `Bearer ${key}`,
        accept: 'application/json',
        ...(ifMatch ? { 'if-match': ifMatch } : {}),
        ...(idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey }),
        ...(body === undefined ? {} : { 'content-type': isText(body) ? body.mediaType : 'application/json' }),
      };
      const away = (message: string) => new GatewayAway(message, idempotencyKey);
      let response: Response;
      let text: string;
      try {
        response = await fetch(`${url}${path}${search === '' ? '' : `?${search}`}`, {
          ...{ method, headers },
          ...(body === undefined ? {} : { body: isText(body) ? body.text : JSON.stringify(body) }),
          // A key is for the gateway that it was typed for, and for nobody whom that one names.
          redirect: 'error',
          signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
        });
        text = await response.text();
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw away(`${url} does not answer: ${reasonOf(error)}`);
      }
      const json = parseJson(text);
      if (!response.ok) throw new GatewayRefusal(readProblem(response.status, response.headers, json));
      const parsed = schema.safeParse(json);
      if (!parsed.success) throw away(`${url} does not answer as a gateway of this version does`);
      return { data: parsed.data, json, etag: response.headers.get('etag') };
    },
  };
}

function isText(body: object): body is { mediaType: string; text: string } {
  return 'mediaType' in body && 'text' in body;
}

/** Undefined when it is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `fetch failed` says nothing; its cause does, or the code of that. */
function reasonOf(error: unknown): string {
  const { cause = error } = error as { cause?: unknown };
  const { name, message, code } = cause as Partial<NodeJS.ErrnoException>;
  return name === 'TimeoutError' ? 'it takes too long' : message || code || String(cause);
}
