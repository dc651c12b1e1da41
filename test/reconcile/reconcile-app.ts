import { createHash, generateKeyPairSync } from 'node:crypto';
import express, { type Express } from 'express';
import { createPeopleCheck } from '../../src/archive/people-check.ts';
import { createOperatorAuthenticator } from '../../src/auth/operator-keys.ts';
import { DEFAULT_SERVICE, parseServiceName, type ServiceName } from '../../src/domain/service-name.ts';
import { createRateLimiter } from '../../src/http/limits.ts';
import { createOperatorGate, type OperatorGateDeps } from '../../src/http/operators.ts';
import { createProblemHandler } from '../../src/http/problem-handler.ts';
import { createClosingRoutes } from '../../src/http/routes/closing.ts';
import { createManifestRoutes } from '../../src/http/routes/manifest.ts';
import { createMonthRoutes } from '../../src/http/routes/months.ts';
import { createReconciliationRoutes } from '../../src/http/routes/reconciliation.ts';
import { refuseUnmatched } from '../../src/http/unmatched.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { createClosingDesk } from '../../src/reconcile/closing-desk.ts';
import { createManifestDesk } from '../../src/reconcile/manifest-desk.ts';
import { createPeopleSource } from '../../src/reconcile/people-at-twilio.ts';
import type {
  PeopleLists,
  ReconcileEvent,
  SetupSource,
  UsageFigures,
  UsageSource,
} from '../../src/reconcile/ports.ts';
import { createPullDesk } from '../../src/reconcile/pull-desk.ts';
import { createReconciler } from '../../src/reconcile/reconciler.ts';
import { createManifestKey, type ManifestKey } from '../../src/reports/manifest-key.ts';
import { createMonthReports } from '../../src/reports/month-reports.ts';
import { createNoteDesk } from '../../src/steering/note-desk.ts';
import { RECKONING } from '../reports/shipped.ts';
import { type SettableClock, settableClock } from '../support/clock.ts';
import { plantSecrets } from '../support/planted-secrets.ts';

/** November is over. */
export const NOW = '2026-12-02T09:00:00.000Z';

export const VIEWER = { Authorization: 'Bearer viewer-key' };
export const FINANCE = { Authorization: 'Bearer finance-key' };
export const ADMIN = { Authorization: 'Bearer admin-key' };

/** A key as MANIFEST_SIGNING_KEY holds it. */
export function makePem(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  plantSecrets({ MANIFEST_SIGNING_KEY: pem });
  return pem;
}

export const NO_LISTS: PeopleLists = {
  users: async () => ({ items: [], next: null }),
  conversations: async () => ({ items: [], next: null }),
  participants: async () => ({ items: [], next: null }),
};

/** A usage record of November with this count. */
export function usageOf(count: number, more: Partial<UsageFigures> = {}): UsageFigures {
  return {
    category: 'pchat-users',
    ...{ startDate: '2026-11-01', endDate: '2026-11-30', count },
    ...{ usage: count, usageUnit: 'users', price: count * 0.05, currency: 'USD' },
    asOf: '2026-12-02T00:00:00.000Z',
    ...more,
  };
}

export interface ReconcileApp {
  app: Express;
  ledger: Ledger;
  clock: SettableClock;
  key: ManifestKey;
  events: ReconcileEvent[];
}

export interface ReconcileAppOptions {
  pem?: string | null;
  ledger?: Ledger;
  usage?: Partial<UsageSource>;
  lists?: Partial<PeopleLists>;
  setup?: SetupSource;
  siblings?: (service: ServiceName) => readonly ServiceName[];
}

/** The routes of closing, manifests and reconciliation over an embedded ledger in memory. */
export function createReconcileApp(options: ReconcileAppOptions = {}): ReconcileApp {
  plantSecrets({ VIEWER_KEY: 'viewer-key', FINANCE_KEY: 'finance-key', ADMIN_KEY: 'admin-key' });
  const clock = settableClock(Date.parse(NOW));
  const ledger = options.ledger ?? openSqliteLedger({ path: ':memory:' });
  const services = [DEFAULT_SERVICE, parseServiceName('shop') as ServiceName];
  const key = createManifestKey(options.pem ?? makePem());
  const signing = options.pem === null ? null : key;
  const reports = createMonthReports({ ledger, clock, classes: ['member', 'guest'], reckoning: RECKONING });
  const gate = createOperatorGate({
    authenticate: createOperatorAuthenticator(
      (['viewer', 'finance', 'admin'] as const).map((role) => ({
        ...{ name: `the ${role}`, role },
        sha256: createHash('sha256').update(`${role}-key`).digest('hex'),
      })),
    ),
    // Nobody signs in here.
    sessions: { open: () => null } as unknown as OperatorGateDeps['sessions'],
    ...{ clock, publicUrl: null },
    failedAuthentications: createRateLimiter({ perMinute: 1_000, clock }),
    operatorRequests: createRateLimiter({ perMinute: 1_000, clock }),
  });
  const events: ReconcileEvent[] = [];
  const reconciler = createReconciler({
    ...{ ledger, reports, clock, category: 'pchat-users', ruleSets: RECKONING.ruleSets },
    usage: { readMonth: async () => null, listTriggers: async () => [], ...options.usage },
    people: createPeopleSource({
      lists: { ...NO_LISTS, ...options.lists },
      identityOfAddress: (address) => address.replace(':', '.'),
      pause: async () => {},
    }),
    setup: options.setup ?? { judge: async () => [] },
    siblings: options.siblings ?? (() => []),
    onEvent: (event) => void events.push(event),
  });
  const basis = { rules: RECKONING.rules, prices: RECKONING.prices };
  const shared = { gate, clock, services };
  const rulesVersion = RECKONING.rules.version;

  const app = express();
  app.use(
    '/v1/months',
    createMonthRoutes({ ...shared, ledger, classes: ['member', 'guest'], reckoning: RECKONING }),
    createManifestRoutes({
      ...shared,
      manifests: createManifestDesk({ ledger, clock, rulesVersion, key: signing }),
    }),
    createClosingRoutes({ ...shared, closings: createClosingDesk({ ledger, reports, basis, key: signing }) }),
    createReconciliationRoutes({
      ...shared,
      reconciler,
      pulls: createPullDesk({
        ...{ reconciler, notes: createNoteDesk({ ledger }) },
        hasLostPeople: createPeopleCheck(ledger, clock),
      }),
    }),
  );
  app.use(refuseUnmatched);
  app.use(createProblemHandler(null));
  return { app, ledger, clock, key, events };
}
