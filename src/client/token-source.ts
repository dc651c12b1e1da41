import { ChatGateError } from './error.ts';
import type { TokenGrant } from './grant.ts';
import type { TabState } from './page.ts';
import { readToken } from './read-token.ts';
import { type RequestOptions, requestJson } from './request.ts';

/** Why a token is wanted: `connect` a person opened the chat, `manual` the app asked; the others nobody asked for. */
export type FetchReason = 'connect' | 'refresh' | 'reconnect' | 'manual';

export interface TokenContext {
  readonly reason: FetchReason;
  /** What the gateway's policy decides by: `open_chat` unless `connect()` was told, `refresh` where nobody asked. */
  readonly intent: string;
  readonly tabState: TabState;
  /** Aborts when nobody may use the answer any more, such as after a switch of users. */
  readonly signal: AbortSignal;
  /** Whom the last token was for. */
  readonly previousIdentity?: string | undefined;
  /** This token will not do; it is to be replaced. */
  readonly not?: string | undefined;
}

export interface TokenSource {
  /**
   * Gives a token that is new, not one from a cache of its own. One call is one attempt: it is repeated only when it
   * throws a `ChatGateError` that is retryable, or something that is none; and not when that is plainly a mistake of
   * its own, such as a `ReferenceError`.
   */
  fetch(context: TokenContext): Promise<TokenGrant>;
  /** Twilio refuses this token, which is not to be given again. */
  deny?(token: string | undefined): void;
  /** Another person is there; whatever it remembers of the one before must go. */
  forget?(): void;
}

export interface EndpointOptions extends RequestOptions {
  /** The gateway's name for the service; `default` unless told. */
  readonly service?: string | undefined;
  /** More fields of the request's body, such as `device` or `humanToken`; asked before each request. */
  readonly body?: (() => object | Promise<object>) | undefined;
}

/** A token source that asks `POST /v1/tokens` of a gateway. */
export interface EndpointSource extends TokenSource {
  readonly url: string;
  readonly options: EndpointOptions;
}

/**
 * Asks a gateway.
 *
 * @param url of its `/v1/tokens`
 */
export function endpointSource(
  url: string | { toString(): string },
  options: EndpointOptions = {},
): EndpointSource {
  return {
    url: String(url),
    options,
    async fetch({ intent, tabState, signal }) {
      const { service } = options;
      const body = JSON.stringify({ intent, tabState, service, ...(await options.body?.()) });
      const asked = await requestJson(String(url), options, { method: 'POST', body, signal });
      return asked.json as TokenGrant;
    },
  };
}

/** A token source of your own; a token alone will do where this device's clock can be trusted. */
function customSource(fetch: (context: TokenContext) => Promise<TokenGrant | string>): TokenSource {
  return { fetch: async (context) => grantOf(await fetch(context)) };
}

/** One token, for tests and demos. There is no second one: the connection ends with it. */
function literalSource(grant: TokenGrant | string): TokenSource {
  return {
    async fetch({ reason }) {
      if (reason === 'connect' || reason === 'manual') return grantOf(grant);
      throw new ChatGateError('cannot_renew');
    },
  };
}

function grantOf(given: TokenGrant | string): TokenGrant {
  return typeof given === 'string' ? readToken(given) : given;
}

export const TokenSource = {
  endpoint: endpointSource,
  custom: customSource,
  literal: literalSource,
} as const;
