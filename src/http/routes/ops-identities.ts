import { type Request, type RequestHandler, type Response, Router } from 'express';
import { reasonWriteSchema } from '../../contract/steering.ts';
import type { Clock } from '../../domain/clock.ts';
import { type Identity, parseIdentity } from '../../domain/identity.ts';
import { type Month, parseNamedMonth } from '../../domain/month.ts';
import type { Reckoning } from '../../domain/reckoning.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { BondLedger } from '../../ledger/bonds.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { FormFaults } from '../../ops/forms.ts';
import { buildIdentitiesPage } from '../../ops/identities-page.ts';
import { buildIdentityPage } from '../../ops/identity-page.ts';
import { NOTICES } from '../../ops/notices.ts';
import { readIdentityPage } from '../../reports/identity-page.ts';
import { findIdentity, searchIdentities } from '../../reports/identity-search.ts';
import { parseListingQuery } from '../../reports/listing-query.ts';
import { readMonthChoices } from '../../reports/month-choices.ts';
import type { MonthReports } from '../../reports/month-reports.ts';
import type { NoteDesk } from '../../steering/note-desk.ts';
import { setOutcome } from '../request-scope.ts';
import type { OpsContext } from './ops-context.ts';
import { fieldsOf, isRefusal, onceText, parseForm, termsOf } from './ops-form-fields.ts';

export interface OpsIdentitiesDeps {
  ledger: LedgerReader & Pick<BondLedger, 'identityFile'>;
  clock: Clock;
  reports: MonthReports;
  notes: NoteDesk;
  /** Configured class names. */
  classes: readonly string[];
  /** Authorities whose people can get a token. */
  issuers: readonly string[];
  /** By whose rules somebody is active. */
  reckoning: Pick<Reckoning, 'rules'>;
  /** Whether people of the month have left the ledger, so that it cannot say who was there. */
  hasLostPeople(service: ServiceName, month: Month): Promise<boolean>;
}

const ROWS = 40;
/** What one search reads at most, in rows and in time: the page is to come at once, also on a busy machine. */
const SEARCH_ROWS_MAX = 10_000;
const SEARCH_MS = 100;
const QUERY = ['service', 'cursor', 'class', 'signal', 'not', 'q'] as const;

/** What a list of whole names is shown under: who asked for it is in the audit log. */
type Shown = { whole: boolean; faults: FormFaults | null };

/** Who was counted: the list, with names masked until somebody says why they must be read, and single pages. */
export function createOpsIdentities(
  deps: OpsIdentitiesDeps,
  context: OpsContext,
  form: RequestHandler,
): Router {
  const { ledger, clock, reports, notes, classes } = deps;
  const { enter, visitOf, sendNotice, page, ownPagesOnly } = context;
  const router = Router({ caseSensitive: true });

  router.get(
    '/identities',
    enter('finance'),
    page((request, response) => sendList(request, response, { whole: false, faults: null })),
  );
  router.post('/identities/reveal', ownPagesOnly, enter('admin'), form, page(reveal));
  router.get(
    '/identities/:identity',
    enter('admin'),
    page((request, response) => sendIdentity(deps, context, request, response, null)),
  );

  /** The same list with whole names, after it was written down who reads them and why. */
  async function reveal(request: Request, response: Response): Promise<void> {
    const fields = fieldsOf(request, ['reason', 'once']);
    const input = parseForm(reasonWriteSchema, { reason: fields.reason });
    if ('faults' in input) {
      response.status(422);
      const faults = { form: 'reveal', typed: fields, faults: input.faults };
      return sendList(request, response, { whole: false, faults });
    }
    const { service, operator } = visitOf(response).frame.visitor;
    const { search } = visitOf(response);
    const note = {
      action: 'identities.reveal' as const,
      target: `identities of ${search.get('month') ?? 'current'}`,
      after: { rowsMax: ROWS, class: search.get('class') || null, isSearch: Boolean(search.get('q')) },
    };
    const terms = termsOf({ request, response, operator, nowMs: clock.now(), fields, ifMatch: null });
    const written = await notes.note(service, note, terms);
    if (!isRefusal(written)) return sendList(request, response, { whole: true, faults: null });
    setOutcome(response, written);
    response.status(409);
    await sendList(request, response, {
      whole: false,
      faults: { form: 'reveal', typed: fields, faults: [written.detail] },
    });
  }

  async function sendList(request: Request, response: Response, shown: Shown): Promise<void> {
    const { frame, search } = visitOf(response);
    const { service } = frame.visitor;
    const month = parseNamedMonth(search.get('month') ?? 'current', clock.now());
    if (month === null) return sendNotice(request, response, 400, NOTICES.noMonth);
    const query = parseListingQuery(withoutBlanks(search), QUERY);
    if (Array.isArray(query)) return sendNotice(request, response, 400, NOTICES.noQuestion);
    const { className, signals, not, cursor } = query;
    // What stands in the field is pasted from elsewhere.
    const beginning = query.beginning?.trim() || null;
    const filter = { className, signals, not, beginning };
    const found =
      (cursor === null ? await findIdentity(ledger, service, month, filter) : null) ??
      (await searchIdentities(ledger, service, month, filter, cursor, {
        limit: ROWS,
        readMax: SEARCH_ROWS_MAX,
        ...{ until: clock.now() + SEARCH_MS, clock },
      }));
    if (found === null) return sendNotice(request, response, 400, NOTICES.noQuestion);
    const archived = await deps.hasLostPeople(service, month);
    const months = await readMonthChoices(reports, service, month);
    response.send(
      buildIdentitiesPage({
        ...found,
        ...shown,
        ...{ frame, archived },
        question: {
          ...{ month, q: beginning ?? '', className: className ?? '' },
          ...{ signal: signals[0] ?? '', not: not[0] ?? '' },
        },
        cursor,
        months,
        classes: [...new Set([...classes, 'address', 'unknown', ...(className ? [className] : [])])],
        once: onceText(),
      }),
    );
  }

  return router;
}

/** The page of one identity, with what was wrong with its form, if anything. */
export async function sendIdentity(
  { ledger, issuers, reckoning: { rules } }: Pick<OpsIdentitiesDeps, 'ledger' | 'issuers' | 'reckoning'>,
  { visitOf, sendNotice }: OpsContext,
  request: Request,
  response: Response,
  faults: FormFaults | null,
): Promise<void> {
  const { frame } = visitOf(response);
  const identity: Identity | null = parseIdentity(String(request.params['identity']));
  const page = identity && (await readIdentityPage(ledger, frame.visitor.service, identity));
  if (page === null) return sendNotice(request, response, 404, NOTICES.noIdentity);
  response.send(buildIdentityPage({ frame, page, rules, issuers, faults, once: onceText() }));
}

/** A form sends every field; one that was left empty asks for nothing. */
function withoutBlanks(search: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...search].filter(([name, value]) => value !== '' && name !== 'month'));
}
