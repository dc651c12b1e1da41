import type { ServiceName } from '../domain/service-name.ts';
import type { Limits } from '../ledger/budget.ts';
import type { DayTotals, MonthTotals } from '../ledger/ledger.ts';

/** A Conversations service as far as checks speak of it. Without secrets, as all that checks get. */
export interface DoctorService {
  name: ServiceName;
  accountSid: string;
  serviceSid: string;
  /** True when a key of its own is configured for reads. */
  hasReadKey: boolean;
  /** Of Twilio, such as `us1`. */
  region: string;
}

/** One Redis server. */
export interface RedisNode {
  /** `host:port`. */
  address: string;
  version: string;
  isReplica: boolean;
  isCluster: boolean;
  /** `maxmemory-policy`. */
  evictionPolicy: string;
  /** Bytes; 0 is without limit. */
  memoryMax: number;
  appendOnly: boolean;
  /** `always`, `everysec`, `no`; null: the server does not let us ask. */
  appendFsync: string | null;
  /** Whether snapshots are made; null as above. */
  snapshots: boolean | null;
  replicas: number;
  /** Fields up to which a hash stays compact; null as above. */
  compactFieldsMax: number | null;
  /** Bytes of a value up to which a hash stays compact; null as above. */
  compactValueBytesMax: number | null;
  /** The server's clock minus ours, ms. */
  skewMs: number;
  latency: { p50Ms: number; p99Ms: number };
  /** Why scripts are refused, or null. */
  scriptsRefused: string | null;
}

/** A month of one service in the ledger. */
export interface LedgerMonth {
  totals: MonthTotals;
  days: DayTotals[];
  limits: Limits;
  /** Identities that a backfill of the month added; null: there was none. */
  addedByBackfill: number | null;
}

/** Why the ledger cannot be read though nothing is wrong with it. */
export class LedgerNotRead extends Error {
  override readonly name = 'LedgerNotRead';
}

/** Where events go at Twilio. */
export interface WebhookTarget {
  preUrl: string | null;
  postUrl: string | null;
  /** Names of events that fire, pre-action ones among them. */
  filters: readonly string[];
  /** `GET` or `POST`; null when Twilio does not say. */
  method: string | null;
}

export interface TwilioSetup {
  reachability: boolean;
  /** What the roles that people get by themselves let a browser do. */
  permissions: { user: readonly string[]; member: readonly string[]; creator: readonly string[] };
  webhooks: { account: WebhookTarget; service: WebhookTarget };
  /** Numbers that open a conversation when somebody unknown writes to them. */
  openingNumbers: number;
}

/** Reads from Twilio by list and fetch calls only. Each fails with `TwilioUnavailable`. */
export interface DoctorTwilio {
  /** The service, asked for with the key that signs tokens, or with the one for reads. */
  fetchService(service: ServiceName, key: 'signing' | 'read'): Promise<{ accountSid: string }>;
  readSetup(service: ServiceName): Promise<TwilioSetup>;
  /** The record of the present month; null when Twilio has none. */
  readUsage(service: ServiceName): Promise<{ count: number; asOf: string | null } | null>;
  listTriggers(
    service: ServiceName,
  ): Promise<{ recurring: string | null; by: 'count' | 'usage' | 'price'; value: string }[]>;
  /** Twilio's clock minus ours, ms, exact to about a second. */
  readSkewMs(): Promise<number>;
}

/** A token that was made for nobody and sent nowhere. */
export interface SampleToken {
  /** What is wrong with the token by the rules that tokens of browsers are checked with, or null. */
  fault: string | null;
  lifeSeconds: number;
  /** Whether it is byte for byte what Twilio's own library makes of the same claims. */
  sameAsLibrary: boolean;
}

export interface JournalPlace {
  /** Why nothing can be written there, or null. */
  trouble: string | null;
  freeBytes: number;
}

/** An issuer of logins, and how to ask for its keys. */
export interface DoctorIssuer {
  issuer: string;
  /** Who signs in there. */
  audience: 'app' | 'operators';
  /** Answers how many keys it publishes; rejects with the cause. Null: it has no published keys. */
  countKeys: (() => Promise<number>) | null;
  /** Name of the setting to look at. */
  setting: string;
}

/** How operators sign in at an OpenID provider. */
export interface OperatorSignIn {
  /** Where the provider leads back to; null: PUBLIC_URL is not set. */
  redirectUri: string | null;
  /** Where a browser is sent to; rejects when the provider cannot be looked up. */
  addressOf(redirectUri: string): Promise<string>;
}

/** Shakes hands by TLS and hangs up; rejects with what the network says, or what is wrong with the certificate. */
export type ReachTls = (host: string, port: number) => Promise<void>;

/** Signs as Twilio does, with the configured Auth Token. */
export type SignForm = (url: string, form: Readonly<Record<string, string>>) => Promise<string>;
