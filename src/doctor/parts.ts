import type { Reckoning } from '../domain/reckoning.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { FaultLine } from './checks/configuration.ts';
import type { RedisUse } from './checks/redis.ts';
import type {
  DoctorIssuer,
  DoctorService,
  DoctorTwilio,
  JournalPlace,
  LedgerMonth,
  OperatorSignIn,
  ReachTls,
  RedisNode,
  SampleToken,
  SignForm,
} from './ports.ts';

/** What all checks together look at. */
export interface DoctorParts {
  /** `process.version`, and what the package asks for. */
  node: { version: string; engines: string };
  config: { faults: readonly FaultLine[]; notices: readonly string[]; demo: boolean };
  /** Null when the configuration has faults. */
  gateway: GatewayParts | null;
}

/** A gateway as it is configured, without secrets. Each reading is made once, however many checks look at it. */
export interface GatewayParts {
  services: readonly DoctorService[];
  publicUrl: string | null;
  ttlSeconds: number;
  reckoning: Reckoning;
  /** Usage category of active users. */
  category: string;
  /** Names of the post-action events that tell something. */
  postEvents: readonly string[];
  /** ms since the epoch. */
  now(): number;
  sampleToken(service: ServiceName): Promise<SampleToken>;
  journal: { bytesMax: number; place: () => Promise<JournalPlace | null> };
  /** Null: the ledger is embedded. Rejects with what Redis or the network says. */
  redis: { use: RedisUse; nodes: () => Promise<readonly RedisNode[]> } | null;
  /** Rejects with `LedgerNotRead` when nothing is wrong with it, or as the ledger does. */
  month(service: ServiceName): Promise<LedgerMonth>;
  /** Null: there is no Twilio behind a demo. */
  twilio: DoctorTwilio | null;
  issuers: readonly DoctorIssuer[];
  /** Null: operators sign in with ops keys alone. */
  operatorSignIn: OperatorSignIn | null;
  /** Null: no Auth Token is configured. */
  signForm: SignForm | null;
  fetch: typeof globalThis.fetch;
  reachTls: ReachTls;
}
