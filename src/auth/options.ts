import type { Caller } from '../domain/caller.ts';
import type { LimitVerdict } from '../domain/limiter.ts';
import type { GuestCookie, GuestCredentials } from '../issue/guests/ports.ts';

/** Whose word is taken, and on what terms. Parsed and checked by the caller; nothing here is re-validated. */
export interface AuthenticatorOptions {
  /** Each issuer once. Empty: no bearer token is accepted, other than by `bearerSources`. */
  issuers: readonly IssuerOptions[];
  backends: readonly BackendOptions[];
  session: SessionOptions | null;
  /** Counts the requests of each backend, by name; in this process, as the token path has no round trip to spare. */
  backendRequests?: { take(backend: string): LimitVerdict };
  /** Null or absent: every guest credential is refused with `guests-not-allowed`. */
  guests?: GuestOptions | null;
  /** In order of declaration; the first without rules is the default. At least one. */
  classes: readonly ClassOptions[];
  limits: {
    /** Verified tokens kept, and session answers kept, at least 1. */
    verifiedTokens: number;
  };
  /** Logins that need no issuer, such as those of the demo; asked in order before any token is parsed. */
  bearerSources?: readonly BearerSource[];
  /** Makes the calls to issuers and to the session endpoint. Default: the global `fetch`. */
  fetch?: typeof globalThis.fetch;
}

/**
 * A built-in login that knows its bearer tokens by heart. Answers the same frozen caller for the same token,
 * so that what others memoise on it stays found; undefined for a token it does not know.
 */
export type BearerSource = (token: string, nowMs: number) => Caller | undefined;

export type SignatureAlgorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA' | 'HS256';

export interface IssuerOptions {
  /** Compared exactly with the `iss` claim. */
  issuer: string;
  /** One of them must be in the `aud` claim. Empty: nothing is accepted. */
  audience: readonly string[];
  /** Null: OpenID discovery at the issuer. */
  jwksUrl: string | null;
  algorithms: readonly SignatureAlgorithm[];
  /** Only for HS256, which is refused without it. */
  secret: string | null;
  claims: ClaimNames;
  clockToleranceSeconds: number;
  /** Deadline of one call to the issuer, ms. */
  timeoutMs: number;
  /** RFC 7662 for tokens that are not JWTs, or null. */
  introspection: IntrospectionOptions | null;
}

export interface IntrospectionOptions {
  url: string;
  clientId: string;
  clientSecret: string;
}

/** Names of claims; a dotted name reads a nested claim, a literal match first. */
export interface ClaimNames {
  person: string;
  class: string | null;
  tenant: string | null;
  display: string | null;
}

export interface BackendOptions {
  name: string;
  /** SHA-256 of the API key, lower-case hex. */
  keySha256: string;
  /** Issuer it speaks for. */
  issuer: string;
  /** The first is the class of everyone it names. */
  classes: readonly string[];
}

export interface SessionOptions {
  url: string;
  cookieName: string;
  /** Issuer the identity is derived under. */
  issuer: string;
  claims: ClaimNames;
  cacheSeconds: number;
  timeoutMs: number;
}

export interface ClassOptions {
  name: string;
  /** Who is of this class by their claims, when all of them hold. Null or absent: by no claim. */
  when?: readonly ClassRule[] | null;
}

/** One condition on a verified claim; a dotted name reads a nested claim, a literal match first. */
export type ClassRule = { claim: string } & (
  | { equals: Scalar }
  | { in: readonly Scalar[] }
  /** Entry of a list, or word of a text, such as `scope`. */
  | { contains: Scalar }
  | { exists: true }
  /** Upper and lower case are alike. */
  | { endsWith: string }
);

type Scalar = string | number | boolean;

export interface GuestOptions {
  credentials: GuestCredentials;
  cookie: GuestCookie;
}
