import { type ImportReportAnswer, importReportSchema } from '../../contract/steering.ts';
import { GatewayRefusal } from './gateway-errors.ts';
import { moveLines } from './move-lines.ts';
import type { Session } from './session.ts';
import { type ImportPart, type PartSize, splitImport } from './split-import.ts';

export interface ImportOrder {
  text: string;
  format: 'csv' | 'ndjson';
  /** Null: a dry run. */
  reason: string | null;
  /** Begins the idempotency key of each part. */
  idempotencyKey: string;
  /** Rows done of all, in the phase. */
  onProgress(phase: 'checking' | 'linking', done: number, total: number): void;
}

const MIB = 1_048_576;
/** As much as a gateway takes: what stands in one part is also held against itself. */
const CHECKED_AT_ONCE: PartSize = { rowsMax: 100_000, bytesMax: 15 * MIB };
/** Small, so that progress shows and nothing takes long. */
const LINKED_AT_ONCE: PartSize = { rowsMax: 2_000, bytesMax: 2 * MIB };

/** The gateway looks twice at everything that a row names. */
const PATIENCE_MS = 280_000;

const MEDIA_TYPES = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson; charset=utf-8' };

/**
 * Takes over existing user → identity pairs: the whole file is checked first, and only one without a fault is
 * linked. Safe to repeat, also after a run that broke off: what is linked is left as it is.
 *
 * @returns the reports of all parts as one; with faults, nothing was linked
 * @throws GatewayRefusal with the lines of the file
 */
export async function importFile(session: Session, order: ImportOrder): Promise<ImportReportAnswer> {
  const { text, format, reason } = order;
  const checked = await sendParts(session, order, 'checking', splitImport(text, format, CHECKED_AT_ONCE));
  if (reason === null || checked.faultsTotal > 0) return checked;
  return sendParts(session, order, 'linking', splitImport(text, format, LINKED_AT_ONCE));
}

async function sendParts(
  session: Session,
  { format, reason, idempotencyKey, onProgress }: ImportOrder,
  phase: 'checking' | 'linking',
  parts: readonly ImportPart[],
): Promise<ImportReportAnswer> {
  const total = parts.reduce((sum, { rows }) => sum + rows, 0);
  let sum: ImportReportAnswer | null = null;
  for (const [at, part] of parts.entries()) {
    onProgress(phase, sum?.rows ?? 0, total);
    const question = {
      method: 'POST',
      path: '/v1/identity-imports',
      schema: importReportSchema,
      body: { mediaType: MEDIA_TYPES[format], text: part.text },
      patienceMs: PATIENCE_MS,
    } as const;
    const report = await inLinesOfFile(part, () =>
      phase === 'checking'
        ? session.read({ ...question, query: { dryRun: 'true' } })
        : session.write({
            ...question,
            query: { reason: reason ?? '' },
            idempotencyKey: `${idempotencyKey}.${at}`,
          }),
    );
    sum = sum === null ? report : addReports(sum, report);
  }
  if (sum === null) throw new Error('a file has at least one part');
  onProgress(phase, total, total);
  return sum;
}

/** Faults name lines of the part that was sent; here they become those of the file. */
async function inLinesOfFile(
  { linesBefore }: ImportPart,
  send: () => Promise<{ data: ImportReportAnswer }>,
): Promise<ImportReportAnswer> {
  try {
    const { data } = await send();
    return { ...data, faults: data.faults.map((fault) => ({ ...fault, line: fault.line + linesBefore })) };
  } catch (error) {
    if (error instanceof GatewayRefusal) {
      const problem = moveLines(error.problem, (line) => line + linesBefore);
      throw new GatewayRefusal(problem, error.idempotencyKey);
    }
    throw error;
  }
}

function addReports(a: ImportReportAnswer, b: ImportReportAnswer): ImportReportAnswer {
  return {
    ...a,
    rows: a.rows + b.rows,
    linked: a.linked + b.linked,
    unchanged: a.unchanged + b.unchanged,
    faultsTotal: a.faultsTotal + b.faultsTotal,
    faults: [...a.faults, ...b.faults],
  };
}
