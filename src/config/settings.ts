import type { ServiceName } from '../domain/service-name.ts';
import type { Budget } from '../ledger/ledger.ts';

/** The whole configuration, parsed, complete and frozen. Secrets are plain strings here and nowhere else. */
export interface Settings {
  /** True when nothing was configured and the gateway runs on samples; see the contract's demo rules. */
  demo: boolean;
  /** `NODE_ENV=production`. */
  production: boolean;
  listen: { host: string; port: number };
  /** Port of the Prometheus listener; null is off. */
  metricsPort: number | null;
  /** Without a trailing slash, or null. */
  publicUrl: string | null;
  /** Express `trust proxy` value; false when unset. */
  trustProxy: string | number | false;
  /** Exact origins. */
  corsOrigins: string[];
  log: {
    level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
    format: 'json' | 'pretty';
  };
  ledger: LedgerSettings;
  identity: IdentitySettings;
  cookieSecrets: { current: string; previous: string | null };
  token: { ttlSeconds: number };
  services: ServiceSettings[];
  issuers: IssuerSettings[];
  backends: BackendSettings[];
  session: SessionSettings | null;
  /** In order of declaration; the first is the default for callers whose claim names none of them. */
  classes: ClassSettings[];
  intents: Record<string, IntentRule>;
  limits: {
    /** Token requests a minute and person, in each process. */
    tokenRequestsPerMinute: number;
    /** Failed authentications a minute and address block (IPv4 /24, IPv6 /48), in each process. */
    failedAuthenticationsPerMinute: number;
    /** Verified tokens kept, and session answers kept. */
    verifiedTokens: number;
  };
  operators: OperatorKey[];
  /** Notes to print once at start, such as an alias that was used. */
  notices: string[];
}

export type LedgerSettings =
  | { kind: 'embedded'; path: string }
  | {
      kind: 'redis';
      keyPrefix: string;
      connection:
        | { kind: 'single'; url: string }
        | { kind: 'cluster'; nodes: { host: string; port: number }[] }
        | { kind: 'sentinel'; sentinels: { host: string; port: number }[]; master: string };
      username: string | null;
      password: string | null;
      tls: boolean;
      /** Replicas that must have an admission before it is acknowledged. */
      waitReplicas: number;
      /** Deadline of one call, ms. */
      deadlineMs: number;
    };

export interface IdentitySettings {
  strategy: 'opaque' | 'claim';
  /** At least 32 bytes; identities derive from it for good. */
  secret: string;
  /** Lower-case the subject before deriving, for issuers whose subjects are case-insensitive. */
  foldCase: boolean;
}

export interface ServiceSettings {
  name: ServiceName;
  accountSid: string;
  serviceSid: string;
  apiKey: { sid: string; secret: string };
  previousApiKey: { sid: string; secret: string } | null;
  region: string | null;
  edge: string | null;
  pushCredentialSid: string | null;
  /** Role given by the token, per class name; untested against live Twilio. */
  roleSids: Record<string, string>;
  budget: Budget | null;
}

export type Algorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA' | 'HS256';

export interface IssuerSettings {
  issuer: string;
  audience: string[];
  /** Null: OIDC discovery at the issuer. */
  jwksUrl: string | null;
  algorithms: Algorithm[];
  /** Only for HS256. */
  secret: string | null;
  claims: ClaimMapping;
  clockToleranceSeconds: number;
  /** Deadline of one call to the issuer, ms. */
  timeoutMs: number;
  /** RFC 7662 for opaque tokens, or null. */
  introspection: { url: string; clientId: string; clientSecret: string } | null;
}

/** Names of claims; a dotted name reads a nested claim, a literal match first. */
export interface ClaimMapping {
  person: string;
  class: string | null;
  tenant: string | null;
  display: string | null;
}

export interface BackendSettings {
  name: string;
  /** SHA-256 of the API key, lower-case hex. */
  keySha256: string;
  /** Issuer it speaks for. */
  issuer: string;
  /** Class names it may give; the first is used. */
  classes: string[];
}

/** An app's own session endpoint: the cookie is forwarded to it, and it answers who that is. */
export interface SessionSettings {
  url: string;
  /** Name of the cookie to forward. */
  cookieName: string;
  /** Issuer the identity is derived under, so that it equals the person's own login. */
  issuer: string;
  claims: ClaimMapping;
  cacheSeconds: number;
  timeoutMs: number;
}

export interface ClassSettings {
  name: string;
  /** First part of opaque identities, such as `m_`. */
  prefix: string;
}

export type IntentRule = 'allow' | 'deny' | 'needs-reason' | 'known-only';

export interface OperatorKey {
  name: string;
  role: 'viewer' | 'finance' | 'admin';
  sha256: string;
}
