import { Router, urlencoded } from 'express';
import { createLostRowsReader } from '../../archive/lost-rows.ts';
import { createPeopleCheck } from '../../archive/people-check.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Reckoning } from '../../domain/reckoning.ts';
import { refused } from '../../domain/refusal.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { ClassRanks } from '../../ledger/budget-input.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { AlertTester } from '../../ops/alert-tests.ts';
import type { ForecastLooks } from '../../ops/forecast-looks.ts';
import type { GatewayStateSource } from '../../ops/gateway-state.ts';
import type { OneTimeLogins } from '../../ops/one-time-logins.ts';
import type { Operator } from '../../ops/operator.ts';
import type { OperatorOidc } from '../../ops/operator-oidc.ts';
import type { OperatorSessions } from '../../ops/operator-sessions.ts';
import type { Reconciler } from '../../reconcile/reconciler.ts';
import { createMonthReports } from '../../reports/month-reports.ts';
import type { BlockDesk } from '../../steering/block-desk.ts';
import type { BudgetDesk } from '../../steering/budget-desk.ts';
import type { ErasureDesk } from '../../steering/erasure-desk.ts';
import type { FreezeDesk } from '../../steering/freeze-desk.ts';
import type { NoteDesk } from '../../steering/note-desk.ts';
import type { RaiseDesk } from '../../steering/raise-desk.ts';
import type { OperatorGate } from '../operators.ts';
import { refuseUnmatched } from '../unmatched.ts';
import { createOpsAlerts } from './ops-alerts.ts';
import { budgetPage, sendBudgetPage } from './ops-budget.ts';
import { createBudgetForm } from './ops-budget-form.ts';
import { createOpsContext, pageHeaders } from './ops-context.ts';
import { createOpsExports } from './ops-exports.ts';
import { createOpsIdentities, sendIdentity } from './ops-identities.ts';
import { createIdentityForms } from './ops-identity-forms.ts';
import { createOpsLists } from './ops-lists.ts';
import { createOpsLogin } from './ops-login.ts';
import { createMonthPage } from './ops-month.ts';
import { createOpsReconciliation } from './ops-reconciliation.ts';
import { createSteeringForms } from './ops-steering-forms.ts';
import { createSystemPage } from './ops-system.ts';
import { createTroublePage } from './ops-trouble.ts';

/** The same desks that the operator API writes at. */
interface Desks {
  budgets: BudgetDesk;
  raises: RaiseDesk;
  freezes: FreezeDesk;
  blocks: BlockDesk;
  erasures: ErasureDesk;
  notes: NoteDesk;
}

export interface OpsRoutesDeps {
  ledger: Ledger;
  clock: Clock;
  gate: OperatorGate;
  sessions: OperatorSessions;
  logins: OneTimeLogins;
  /** Says whose ops key an Authorization header holds; null for none and for an unknown one. */
  authenticate: (authorization: string | undefined) => Operator | null;
  /** False when no ops key is configured: the form then says so. */
  keysConfigured: boolean;
  /** Sign-in at an identity provider, or null. */
  oidc: OperatorOidc | null;
  services: readonly ServiceName[];
  /** Configured class names; listed even when nobody of them was seen. */
  classes: readonly string[];
  /** Authorities whose people can get a token. */
  issuers: readonly string[];
  /** Class of guests. */
  guestClass: string;
  /** Counting rules and prices. */
  reckoning: Reckoning;
  desks: Desks;
  ranks: ClassRanks;
  /** Names of the configured intents. */
  intents: readonly string[];
  alertTester: AlertTester;
  /** Asked for when it is needed: it may be made after this. */
  forecastLooks: () => ForecastLooks;
  /** What runs here. */
  gateway: GatewayStateSource;
  /** The ledger beside Twilio's own figures. */
  reconciler: () => Reconciler;
  /** The URL that the outside uses, or null. */
  publicUrl: string | null;
  demo: boolean;
  /** An app login that works, such as demo mode has, or null. */
  exampleLogin: string | null;
}

/** An ops key in a form, with room to spare. */
const FORM_BYTES_MAX = 8_192;
/** A budget with limits for a thousand tenants; taken from admins only. */
const BUDGET_FORM_BYTES_MAX = 262_144;
/** The address of a file names its content. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** The dashboard: pages that are rendered here and work without scripts. To be mounted at `/ops`. */
export function createOpsRoutes(deps: OpsRoutesDeps): Router {
  const { ledger, clock, desks, reckoning, classes } = deps;
  const context = createOpsContext(deps);
  const { enter } = context;
  const reports = createMonthReports(deps);
  const form = urlencoded({ extended: false, limit: FORM_BYTES_MAX });
  const login = createOpsLogin({ ...deps, notes: desks.notes }, context, form);
  const readLostRows = createLostRowsReader(ledger, clock);
  const hasLostPeople = createPeopleCheck(ledger, clock);
  const budget = { budgets: desks.budgets, reckoning, classes };
  const router = Router({ caseSensitive: true });

  router.get('/assets/:version/:name', (request, response, next) => {
    const { version, name } = request.params;
    const asset = context.assets.find(String(version), String(name));
    if (asset === null) return next(refused('not-found', { detail: 'There is no such file.' }));
    response
      .set({ 'Content-Type': `${asset.type}; charset=utf-8`, 'Cache-Control': FOR_EVER })
      .send(asset.body);
  });

  router.use(createOpsExports(deps));

  router.use(pageHeaders);
  router.get(
    '/',
    login.openByCode,
    enter('viewer'),
    createMonthPage({ ...deps, reports, readLostRows }, context),
  );
  router.get('/budget', enter('viewer'), budgetPage(budget, context));
  router.get('/system', enter('viewer'), createSystemPage(deps, context));
  router.use(createOpsLists(deps, context));
  router.use(createOpsAlerts({ ...deps, notes: desks.notes }, context, form));
  router.use(createOpsIdentities({ ...deps, reports, hasLostPeople, notes: desks.notes }, context, form));
  router.use(createOpsReconciliation({ ...deps, reports, hasLostPeople, notes: desks.notes }, context, form));
  router.use(login.router);
  router.use(
    createSteeringForms(
      {
        ...{ clock, ...desks },
        setBudget: createBudgetForm({ ...deps, budgets: desks.budgets }, context),
        sendBudget: (response, trouble) => sendBudgetPage(budget, context, response, trouble),
      },
      context,
      { form, budgetForm: urlencoded({ extended: false, limit: BUDGET_FORM_BYTES_MAX }) },
    ),
  );
  router.use(
    createIdentityForms(
      {
        ...{ clock, ...desks },
        sendIdentity: (request, response, faults) => sendIdentity(deps, context, request, response, faults),
      },
      context,
      form,
    ),
  );
  router.use(refuseUnmatched);
  router.use(createTroublePage(deps, context));

  return router;
}
