import { isDeepStrictEqual } from 'node:util';
import { type Month, monthOf } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { buildManifest } from '../reports/manifest.ts';
import { digestExports } from '../reports/manifest-digest.ts';
import type { ManifestKey } from '../reports/manifest-key.ts';
import type { MonthReports } from '../reports/month-reports.ts';
import { makeWrite, recallWrite, type WriteTerms, type Written } from '../steering/operator-write.ts';
import { type SteeringRefusal, steeringRefusals } from '../steering/refusals.ts';
import { CLOSED, type ClosedMonth, readClosedMonth } from './closed-month.ts';
import { type ClosingView, viewClosing } from './closing-view.ts';

/** Freezing the figures of months that are over. */
export interface ClosingDesk {
  read(service: ServiceName, month: Month): Promise<ClosingView>;
  /**
   * Freezes summary, rules, prices and the digest of the identity export, and signs the manifests. A month that is
   * closed already stays as it is, and nothing is written. Refused with `conflict` before the month is over.
   */
  close(service: ServiceName, month: Month, terms: WriteTerms): Promise<Written | SteeringRefusal>;
}

export interface ClosingDeskParts {
  ledger: Ledger;
  reports: Pick<MonthReports, 'summary'>;
  /** What the figures rest on, frozen with them. */
  basis: { rules: object; prices: object };
  /** Null leaves the manifests unsigned. */
  key: ManifestKey | null;
}

/** Each reads the whole month; what is told late comes in batches with minutes between them. */
const ATTEMPTS = 3;

export function createClosingDesk(parts: ClosingDeskParts): ClosingDesk {
  const { ledger, reports } = parts;
  // Each reads a whole month.
  let isBusy = false;

  async function read(service: ServiceName, month: Month): Promise<ClosingView> {
    const [closed, now] = await Promise.all([
      readClosedMonth(ledger, service, month),
      reports.summary(service, month),
    ]);
    return viewClosing(closed, now);
  }

  return {
    read,
    async close(service, month, terms) {
      const recalled = await recallWrite(ledger, service, terms);
      if (recalled !== null) return recalled;
      if (month >= monthOf(terms.nowMs)) {
        return steeringRefusals.conflict(`${month} is not over yet (UTC); a month can be closed once it is.`);
      }
      // A plain read would call a month closed that a failover can open again.
      if ((await ledger.lastingDocument(service, month, CLOSED)) !== null) {
        return { status: 200, body: await read(service, month) };
      }
      if (isBusy)
        return steeringRefusals.conflict('Another month is being closed; ask again when it is over.');
      isBusy = true;
      try {
        const closed = await freezeMonth(parts, service, month, terms);
        if (closed === null)
          return steeringRefusals.conflict(
            `The figures of ${month} keep changing; ask again in some minutes.`,
          );
        const written = await makeWrite(ledger, service, planClosing(closed), terms);
        if ('outcome' in written) return written;
      } finally {
        isBusy = false;
      }
      // Another gateway may have been faster; what it froze stands.
      return { status: 200, body: await read(service, month) };
    },
  };
}

/** Null when people of the month kept coming: the summary and the rows that are signed would be of two instants. */
async function freezeMonth(
  { ledger, reports, basis, key }: ClosingDeskParts,
  service: ServiceName,
  month: Month,
  { nowMs, operator }: WriteTerms,
): Promise<ClosedMonth | null> {
  const closedAt = new Date(nowMs).toISOString();
  const read = await readAsOne(ledger, reports, service, month);
  if (read === null) return null;
  const { summary, digests } = read;
  const subject = { service, month, rulesVersion: summary.activeUsers.rules, asOf: closedAt };
  return {
    ...{ month, service, closedAt, closedBy: operator.name, summary },
    ...basis,
    manifests: {
      csv: buildManifest(subject, 'csv', digests.csv, key),
      ndjson: buildManifest(subject, 'ndjson', digests.ndjson, key),
    },
  };
}

/** Summary and rows of the same people: nobody came, and nothing was learnt of anybody, while the rows were read. */
async function readAsOne(
  ledger: Ledger,
  reports: ClosingDeskParts['reports'],
  service: ServiceName,
  month: Month,
) {
  let summary = await reports.summary(service, month);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const digests = await digestExports(ledger, service, month);
    const after = await reports.summary(service, month);
    if (isDeepStrictEqual(after.identities, summary.identities)) return { summary, digests };
    summary = after;
  }
  return null;
}

function planClosing(closed: ClosedMonth) {
  const { month, summary, manifests } = closed;
  return {
    change: { kind: 'document' as const, month, document: { name: CLOSED, text: JSON.stringify(closed) } },
    action: 'month.close',
    target: month,
    before: null,
    after: {
      identities: summary.identities.total,
      csv: manifests.csv.sha256,
      ndjson: manifests.ndjson.sha256,
    },
    written: { status: 200 as const, body: viewClosing(closed, summary) },
  };
}
