import { type NextFunction, type Request, type Response, Router } from 'express';
import type { Clock } from '../../domain/clock.ts';
import type { Identity } from '../../domain/identity.ts';
import { parseNamedMonth } from '../../domain/month.ts';
import { refused } from '../../domain/refusal.ts';
import { DEFAULT_SERVICE, type ServiceName } from '../../domain/service-name.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { maskIdentity } from '../../ops/mask-identity.ts';
import type { ExportFormat } from '../../reports/export-formats.ts';
import { type RowReport, reportIdentities, reportMints } from '../../reports/row-report.ts';
import type { OperatorGate } from '../operators.ts';
import { searchOf } from '../search-of.ts';
import { sendExport } from '../send-rows.ts';

export interface OpsExportsDeps {
  ledger: Pick<LedgerReader, 'identities' | 'mints'>;
  clock: Clock;
  gate: OperatorGate;
  services: readonly ServiceName[];
}

const ROWS = ['identities', 'mints'] as const;
const FORMATS = ['csv', 'ndjson'] as const satisfies readonly ExportFormat[];
const ANYBODY = { className: null, signals: [], not: [], beginning: null };

/** A link or a form cannot ask for a media type, so the exports of the API have addresses of their own here. */
export function createOpsExports({ ledger, clock, gate, services }: OpsExportsDeps): Router {
  const router = Router({ caseSensitive: true });

  router.get('/exports/:month', gate.require('finance'), (request, response, next) => {
    const search = searchOf(request);
    return send(request, response, next, {
      rows: search.get('rows'),
      format: search.get('format'),
      masked: search.get('names') === 'masked',
    });
  });
  router.get('/exports/:month/:file', gate.require('finance'), (request, response, next) => {
    const [rows, format] = String(request.params['file']).split('.');
    return send(request, response, next, { rows, format, masked: false });
  });

  async function send(
    request: Request,
    response: Response,
    next: NextFunction,
    { rows, format, masked }: Record<'rows' | 'format', string | null | undefined> & { masked: boolean },
  ): Promise<void> {
    const name = searchOf(request).get('service') ?? DEFAULT_SERVICE;
    const service = services.find((one) => one === name);
    const month = parseNamedMonth(String(request.params['month']), clock.now());
    const what = ROWS.find((one) => one === rows);
    const how = FORMATS.find((one) => one === format);
    if (service === undefined || month === null || what === undefined || how === undefined) {
      return next(refused('not-found', { detail: 'There is no such export.' }));
    }
    const reader = masked ? maskRows(ledger) : ledger;
    const report: RowReport<unknown> =
      what === 'mints'
        ? reportMints(reader, service, month, ANYBODY)
        : reportIdentities(reader, service, month, ANYBODY);
    await sendExport(request, response, report, how);
  }

  return router;
}

/** The same rows with the beginnings of names. */
function maskRows(ledger: OpsExportsDeps['ledger']): OpsExportsDeps['ledger'] {
  const mask = (identity: Identity) => maskIdentity(identity) as Identity;
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
