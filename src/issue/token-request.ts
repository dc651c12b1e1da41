import type { Identity } from '../domain/identity.ts';
import type { Month } from '../domain/month.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { RequestHints } from '../policy/policy.ts';
import type { Credentials } from './ports.ts';

/** The parsed body of `POST /v1/tokens`. Nothing in it says who is asking. */
export interface TokenRequestBody {
  intent: string;
  service?: string | undefined;
  tabState?: 'focused' | 'visible' | 'hidden' | undefined;
  /** A label for the log, at most 64 characters. */
  device?: string | undefined;
  /** What the human check gave the frontend. */
  humanToken?: string | undefined;
}

export interface TokenRequest {
  requestId: string;
  credentials: Credentials;
  body: TokenRequestBody;
  /** What the headers say about the request itself; undefined when they say nothing. */
  hints?: RequestHints | undefined;
  /** Address of the client, for the human check; undefined when there is nothing to check. */
  remoteAddress?: string | undefined;
}

/** A token on its way out; the mint behind it is in the ledger already. Instants in whole seconds since the epoch. */
export interface IssuedToken {
  outcome: 'minted' | 'reused';
  token: string;
  identity: Identity;
  issuedAt: number;
  expiresAt: number;
  refreshAt: number;
  /** Clock reading of the request, ms since the epoch. */
  serverTimeMs: number;
  serviceSid: string;
  region: string | null;
  month: Month;
  firstThisMonth: boolean;
  /** True when the guest cookie that came along was adopted and ought to be cleared. */
  guestAdopted: boolean;
}

/**
 * The product's main job: authenticate, resolve, decide, admit and log, sign.
 *
 * @throws GatewayError when something we depend on is broken; nothing was handed out then
 */
export type IssueToken = (request: TokenRequest) => Promise<IssuedToken | Refusal>;
