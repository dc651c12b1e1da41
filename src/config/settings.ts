import type { Reckoning } from '../domain/reckoning.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Budget } from '../ledger/budget.ts';
import type {
  BackendSettings,
  IssuerSettings,
  OperatorKey,
  OperatorOidcSettings,
  SessionSettings,
} from './caller-settings.ts';

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
  /** Where evidence and mints wait while the ledger is away; null: they are refused then. */
  journal: {
    path: string;
    bytesMax: number;
    /** The journals of gateways with another number of processes are those of this root; null: another process looks. */
    left: { root: string; processes: number } | null;
  } | null;
  identity: IdentitySettings;
  cookieSecrets: { current: string; previous: string | null };
  token: { ttlSeconds: number };
  services: ServiceSettings[];
  /** Base of every Twilio REST call in place of Twilio's own hosts, or null. */
  twilioRestUrl: string | null;
  /** Auth Tokens that sign webhooks, nothing else; null: webhooks are not taken. */
  webhooks: { authToken: string; previousAuthToken: string | null } | null;
  issuers: IssuerSettings[];
  backends: BackendSettings[];
  session: SessionSettings | null;
  /** In order of declaration; the first is the default for callers whose claim names none of them. */
  classes: ClassSettings[];
  intents: Record<string, IntentRule>;
  connect: ConnectSettings;
  unread: {
    /** Ask Twilio, read-only, for the unread messages of people of whom no event has told. */
    fill: boolean;
  };
  guests: GuestSettings;
  compatibility: {
    /** `/token`: not there, with the credentials of `/v1/tokens`, or also with a login token as `password`. */
    tokenEndpoint: 'off' | 'login' | 'password';
  };
  alerts: AlertSettings;
  /** How active users are counted and what they cost. */
  reckoning: Reckoning;
  reconcile: {
    /** How often Twilio's usage record is pulled where there is a key of its own for reads; 0 is only on demand. */
    everyHours: number;
    /** Usage category of active users. */
    category: string;
  };
  retention: RetentionSettings;
  /** Ed25519 private key in PEM that signs export manifests, or null. */
  manifestSigningKey: string | null;
  /** `x` of the Ed25519 keys that signed earlier manifests, base64url. */
  manifestPreviousKeys: string[];
  limits: {
    /** Token requests a minute and person, in each process; a class may have a limit of its own. */
    tokenRequestsPerMinute: number;
    /** Failed authentications a minute and address block (IPv4 /24, IPv6 /48), on all gateways that share a Redis. */
    failedAuthenticationsPerMinute: number;
    /** Verified tokens kept, and session answers kept. */
    verifiedTokens: number;
    /** Reads a second of a backfill at Twilio, in each process. */
    twilioReadsPerSecond: number;
  };
  operators: OperatorKey[];
  /** Sign-in to the dashboard at an OpenID provider, or null. */
  operatorOidc: OperatorOidcSettings | null;
  /** Notes to print once at start, such as an alias that was used. */
  notices: string[];
}

/** How many months before the running one rows are kept; 1 keeps the running month and the one before it. */
export interface RetentionSettings {
  /** Folder of the archive; null: no row ever leaves the ledger. */
  archive: string | null;
  /** Of the mint log. */
  mintMonths: number;
  /** Of who was in a month. */
  identityMonths: number;
  /** A message within these keeps a conversation. */
  conversationMonths: number;
}

export type LedgerSettings =
  | { kind: 'embedded'; path: string }
  | {
      kind: 'redis';
      keyPrefix: string;
      connection:
        | { kind: 'single'; url: string }
        | { kind: 'cluster'; nodes: { host: string; port: number }[] }
        | {
            kind: 'sentinel';
            sentinels: { host: string; port: number }[];
            master: string;
            /** Of the Sentinels themselves. */
            login?: { username: string | null; password: string };
          };
      username: string | null;
      password: string | null;
      tls: boolean;
      /** Replicas that must have an admission, evidence or a change by an operator before it is acknowledged. */
      waitReplicas: number;
      /** Deadline of one call, ms. */
      deadlineMs: number;
      /** People whom each process remembers as admitted. */
      rememberedPeopleMax: number;
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
  /** For reads from Twilio, may be a restricted key; null: the signing key. */
  restApiKey: { sid: string; secret: string } | null;
  region: string | null;
  edge: string | null;
  pushCredentialSid: string | null;
  /** Role given by the token, per class name; untested against live Twilio. */
  roleSids: Record<string, string>;
  /** What is configured; an operator's budget goes before it. */
  budget: Budget | null;
  /** Handed to the frontend inside `mau-budget-exhausted`; a JSON object of at most 2 KB. */
  fallback: Readonly<Record<string, unknown>> | null;
}

export interface ClassSettings {
  name: string;
  /** First part of opaque identities, such as `m_`. */
  prefix: string;
  /** Who is of this class by their claims; the first class whose rules all hold is taken. Null: by no claim. */
  when: ClassRule[] | null;
  /** `own`: one identity a person. `pool`: everybody of the class shares `size` fixed identities, for tests and CI. */
  identity: { kind: 'own' } | { kind: 'pool'; size: number };
  /** Goes before `limits.tokenRequestsPerMinute`. */
  tokenRequestsPerMinute: number | null;
  /** Rank among the classes: a newcomer may take places that are kept for a class of lower rank. */
  priority: number;
}

/** One condition on a verified claim; a dotted name reads a nested claim, a literal match first. */
export type ClassRule = { claim: string } & (
  | { equals: string | number | boolean }
  | { in: (string | number | boolean)[] }
  /** The claim is a list with this entry, or a text of words with this word among them, such as `scope`. */
  | { contains: string | number | boolean }
  | { exists: true }
  /** The claim is a text with this ending, such as `@example.com`; upper and lower case are alike. */
  | { endsWith: string }
);

export type IntentRule = 'allow' | 'deny' | 'needs-reason' | 'known-only';

/** Who never connects, whatever the intent. */
export interface ConnectSettings {
  /** Names of policy rules that decide and are counted, but do not act. */
  shadow: string[];
  /** Only requests with an own or configured `Origin` are served; trusted backends need none. */
  requireOrigin: boolean;
  /** Known crawlers never get a token. */
  crawlers: boolean;
  /** So close to a month's turn hidden tabs get nothing, s. */
  monthTurnQuietSeconds: number;
  /** Ask Twilio, read-only, for unread messages when the ledger knows no reason to connect. */
  lookUp: boolean;
}

export interface GuestSettings {
  policy: 'deny' | 'per-browser';
  /** One of the classes. */
  className: string;
  /** Whether a member who signs in takes over the browser's guest by `POST /v1/links` only, or by itself. */
  adoption: 'on-request' | 'automatic';
  /** New guests an hour and address block (IPv4 /24, IPv6 /48). */
  newPerHour: number;
  humanCheck: HumanCheckSettings | null;
}

/** Turnstile, hCaptcha or alike: asked before a guest's first token. */
export interface HumanCheckSettings {
  verifyUrl: string;
  secret: string;
  /** Shown to the frontend, which needs both to draw the check. */
  siteKey: string;
  provider: string;
  /** Deadline of one call, ms. */
  timeoutMs: number;
}

export interface AlertSettings {
  targets: AlertTarget[];
  /** How often the outbox is looked through, s. */
  pollSeconds: number;
}

export interface AlertTarget {
  /** Each name once; deliveries are kept under it. */
  name: string;
  kind: 'slack' | 'webhook';
  /** A secret for kind `slack`: whoever has it can post. */
  url: string;
  /** `whsec_` and base64, as Standard Webhooks has it; null only for kind `slack`. */
  secret: string | null;
  /** Deadline of one attempt, ms. */
  timeoutMs: number;
  maxAttempts: number;
}
