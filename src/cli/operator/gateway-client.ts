import { GatewayAway, GatewayInterrupted, GatewayRefusal } from './gateway-errors.ts';
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

/** A text of a gateway, such as a part of an export. */
export interface Download {
  text: string;
  headers: Headers;
}

export interface DownloadQuestion extends Pick<Question<unknown>, 'path' | 'query' | 'patienceMs'> {
  /** Media type. */
  accept: string;
}

/** Asks a running gateway. Safe to repeat with the same idempotency key. */
export interface GatewayClient {
  /**
   * @throws GatewayRefusal with the problem document; with a status of 500 or above a write may have been made
   * @throws GatewayAway when there is no answer; a write may have been made then
   * @throws GatewayInterrupted when the signal came before the answer; a write may have been made then
   */
  ask<Data>(question: Question<Data>): Promise<Answer<Data>>;
  /** A GET of something that is no JSON document; throws as {@link ask} does. */
  download(question: DownloadQuestion): Promise<Download>;
}

export function createGatewayClient({ url, key, fetch, signal }: GatewayClientOptions): GatewayClient {
  const authorization = `Bearer ${key}`;

  /** @throws as {@link GatewayClient.ask} */
  async function send(
    { path, query, patienceMs }: Pick<Question<unknown>, 'path' | 'query' | 'patienceMs'>,
    init: { method: string; headers: Record<string, string>; body?: string },
    idempotencyKey: string | null,
  ): Promise<Download> {
    const search = new URLSearchParams(query).toString();
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${url}${path}${search === '' ? '' : `?${search}`}`, {
        ...init,
        // A key is for the gateway that it was typed for, and for nobody whom that one names.
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
      });
      text = await response.text();
    } catch (error) {
      if (signal.aborted) throw new GatewayInterrupted(idempotencyKey);
      throw new GatewayAway(`${url} does not answer: ${reasonOf(error)}`, idempotencyKey);
    }
    if (!response.ok) {
      const problem = readProblem(response.status, response.headers, parseJson(text));
      throw new GatewayRefusal(problem, idempotencyKey);
    }
    return { text, headers: response.headers };
  }

  return {
    download: ({ accept, ...question }) =>
      send(question, { method: 'GET', headers: { authorization, accept } }, null),

    async ask({ method, body, schema, ifMatch, idempotencyKey, ...question }) {
      const headers: Record<string, string> = {
        authorization,
        accept: 'application/json',
        ...(ifMatch ? { 'if-match': ifMatch } : {}),
        ...(idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey }),
        ...(body === undefined ? {} : { 'content-type': isText(body) ? body.mediaType : 'application/json' }),
      };
      const sent = body === undefined ? {} : { body: isText(body) ? body.text : JSON.stringify(body) };
      const answer = await send(question, { method, headers, ...sent }, idempotencyKey);
      const json = parseJson(answer.text);
      const parsed = schema.safeParse(json);
      if (!parsed.success) {
        throw new GatewayAway(`${url} does not answer as a gateway of this version does`, idempotencyKey);
      }
      return { data: parsed.data, json, etag: answer.headers.get('etag') };
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
