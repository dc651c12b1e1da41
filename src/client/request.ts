import { ChatGateError, type ChatGateErrorCode, type Problem, passing } from './error.ts';
import { within } from './within.ts';

/** How to speak to the gateway. */
export interface RequestOptions {
  /** Whether cookies go along; `same-origin` unless told. */
  readonly credentials?: 'omit' | 'same-origin' | 'include' | undefined;
  /** Headers with the login, such as `Authorization`; asked before each request. */
  readonly headers?:
    | Record<string, string>
    | (() => Record<string, string> | Promise<Record<string, string>>)
    | undefined;
  /** Renews the app's login after a 401; true asks once more. Called at most once a request. */
  readonly onUnauthorized?: (() => Promise<boolean>) | undefined;
  /** 10,000 unless told. */
  readonly timeoutMs?: number | undefined;
}

export interface JsonRequest {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface JsonAnswer {
  /** Undefined with a 304. */
  readonly json: unknown;
  readonly headers: { get(name: string): string | null };
}

/**
 * Asks the gateway once, or twice when a 401 could be mended.
 *
 * @throws ChatGateError for every answer but 2xx with JSON and 304
 */
export async function requestJson(
  url: string,
  options: RequestOptions,
  init: JsonRequest,
): Promise<JsonAnswer> {
  const { headers: login, onUnauthorized, credentials = 'same-origin', timeoutMs = 10_000 } = options;
  const controller = new AbortController();
  const headers: Record<string, string> = {
    ...(init.body && { 'Content-Type': 'application/json' }),
    ...init.headers,
    ...(typeof login === 'function' ? await login() : login),
  };
  let answer: Response;
  let json: unknown;
  try {
    const { signal } = controller;
    const fixed = { cache: 'no-store', credentials } as const;
    const asked = fetch(url, { ...fixed, ...init, headers, signal });
    const read = asked.then(async (each) => [each, parseObject(await each.text())] as const);
    [answer, json] = await within(read, timeoutMs, init.signal);
  } catch (cause) {
    controller.abort();
    throw passing('gateway_unreachable', cause);
  }
  const { status } = answer;
  if (status === 401 && (await onUnauthorized?.())) {
    return requestJson(url, { ...options, onUnauthorized: undefined }, init);
  }
  if (status === 304 || (status < 300 && json)) return { json, headers: answer.headers };

  const problem = json as Problem | undefined;
  const { type = '', code, detail: message, resetsAt, retryable } = problem ?? {};
  const seconds = Number(answer.headers.get('Retry-After'));
  throw new ChatGateError(codeOf(status, code), {
    ...{ status, problem, message },
    retryable: status === 429 || (status >= 500 && retryable !== false),
    retryAt: seconds > 0 ? Date.now() + seconds * 1000 : Date.parse(String(resetsAt)) || undefined,
    ...(/^(http|\/)/.test(type) && { docs: type }),
  });
}

function codeOf(status: number, problemCode: string | undefined): ChatGateErrorCode {
  if (status >= 500) return 'gateway_unreachable';
  if (status === 401) return 'unauthenticated';
  if (status === 429) return 'rate_limited';
  // A proxy, a login page, the wrong address: whatever it is, it does not speak for the gateway.
  if (status < 400 || !problemCode) return 'not_a_gateway';
  return problemCode === 'mau-budget-exhausted' ? 'budget_exhausted' : 'refused';
}

function parseObject(body: string): unknown {
  try {
    return Object(JSON.parse(body));
  } catch {
    return undefined;
  }
}
