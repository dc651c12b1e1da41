import { type NextFunction, type Request, type Response, Router } from 'express';
import type { Clock } from '../../domain/clock.ts';
import type { Identity } from '../../domain/identity.ts';
import { parseNamedMonth } from '../../domain/month.ts';
import { type InputFault, refused } from '../../domain/refusal.ts';
import { DEFAULT_SERVICE, type ServiceName } from '../../domain/service-name.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { maskIdentity } from '../../ops/mask-identity.ts';
import type { ExportFormat } from '../../reports/export-formats.ts';
import { parseListingQuery, type QueryName } from '../../reports/listing-query.ts';
import { type RowReport, reportIdentities, reportMints } from '../../reports/row-report.ts';
import { refusedQuery } from '../operator-query.ts';
import type { OperatorGate } from '../operators.ts';
import { searchOf } from '../search-of.ts';
import { sendExport } from '../send-rows.ts';

export interface OpsExportsDeps {
  ledger: Pick<LedgerReader, 'identities' | 'mints'>;
  clock: Clock;
  gate: OperatorGate;
  services: readonly ServiceName[];
}

/** The filters that each kind of rows takes, as the API does. */
const FILTERS = {
  identities: ['service', 'class', 'signal', 'not', 'q'],
  mints: ['service', 'class', 'q'],
} as const satisfies Record<string, readonly QueryName[]>;
const FORMATS = ['csv', 'ndjson'] as const satisfies readonly ExportFormat[];
const STRANGE_NAMES: InputFault = { pointer: '?names', detail: 'Must be whole or masked.' };

/** What is asked for. */
interface Asked {
  rows: string | null | undefined;
  format: string | null | undefined;
  /** Filters, and which names. */
  search: URLSearchParams;
}

/** A link or a form cannot ask for a media type, so the exports of the API have addresses of their own here. */
export function createOpsExports({ ledger, clock, gate, services }: OpsExportsDeps): Router {
  const router = Router({ caseSensitive: true });

  router.get('/exports/:month', gate.require('finance'), (request, response, next) => {
    const search = searchOf(request);
    const [rows, format] = [search.get('rows'), search.get('format')];
    // The fields of the form that are no filters.
    for (const name of ['rows', 'format']) search.delete(name);
    return send(request, response, next, { rows, format, search });
  });
  router.get('/exports/:month/:file', gate.require('finance'), (request, response, next) => {
    const [rows, format] = String(request.params['file']).split('.');
    return send(request, response, next, { rows, format, search: searchOf(request) });
  });

  async function send(
    request: Request,
    response: Response,
    next: NextFunction,
    { rows, format, search }: Asked,
  ): Promise<void> {
    const month = parseNamedMonth(String(request.params['month']), clock.now());
    const what = rows === 'identities' || rows === 'mints' ? rows : null;
    const how = FORMATS.find((one) => one === format);
    if (month === null || what === null || how === undefined) return next(noExport());
    const [names = 'whole', ...more] = search.getAll('names');
    search.delete('names');
    // A misspelt word must not give whole names.
    if (more.length > 0 || (names !== 'whole' && names !== 'masked')) {
      return next(refusedQuery([STRANGE_NAMES]));
    }
    const query = parseListingQuery(search, FILTERS[what]);
    if (Array.isArray(query)) return next(refusedQuery(query));
    const service = services.find((one) => one === (query.service ?? DEFAULT_SERVICE));
    if (service === undefined) return next(noExport());
    const reader = names === 'masked' ? maskRows(ledger, query.beginning ?? '') : ledger;
    const report: RowReport<unknown> =
      what === 'mints'
        ? reportMints(reader, service, month, query)
        : reportIdentities(reader, service, month, query);
    await sendExport(request, response, report, how);
  }

  return router;
}

function noExport() {
  return refused('not-found', { detail: 'There is no such export.' });
}

/** The same rows with the beginnings of names; as far as one was typed, so that the filter still finds it. */
function maskRows(ledger: OpsExportsDeps['ledger'], typed: string): OpsExportsDeps['ledger'] {
  const mask = (identity: Identity) => maskIdentity(identity, typed) as Identity;
  return {
    async identities(...question) {
      const page = await ledger.identities(...question);
      return { ...page, items: page.items.map((row) => ({ ...row, identity: mask(row.identity) })) };
    },
    async mints(...question) {
      const page = await ledger.mints(...question);
      const items = page.items.map((row) => ({
        ...row,
        identity: mask(row.identity),
        subject: mask(row.subject),
      }));
      return { ...page, items };
    },
  };
}
