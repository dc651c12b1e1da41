import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import { type InputFault, refused } from '../../domain/refusal.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { ImportDesk, ImportFile } from '../../steering/import-desk.ts';
import type { WriteTerms } from '../../steering/operator-write.ts';
import { collectBody } from '../collect-body.ts';
import { createOneAtATime } from '../one-at-a-time.ts';
import { findService, readQuery } from '../operator-query.ts';
import { checkReason, fingerprintOf, type OperatorWriteDeps, sendWritten } from '../operator-writes.ts';
import { type OperatorGate, operatorOf } from '../operators.ts';
import { isProblem, type Problem, refusedByHttp } from '../problem.ts';
import { requestIdOf } from '../request-scope.ts';
import { readWriteConditions } from '../write-conditions.ts';

export interface ImportRoutesDeps extends OperatorWriteDeps {
  gate: OperatorGate;
  imports: ImportDesk;
}

const BODY_BYTES_MAX = 16 * 1024 * 1024;

/** A type alone, or with the only charset that is read. */
const FORMATS: readonly (readonly [type: RegExp, format: ImportFile['format']])[] = [
  [/^text\/csv[ \t]*(?:;[ \t]*(?:charset[ \t]*=[ \t]*"?utf-8"?|header[ \t]*=[ \t]*present)[ \t]*)*$/i, 'csv'],
  [/^application\/x-ndjson[ \t]*(?:;[ \t]*charset[ \t]*=[ \t]*"?utf-8"?[ \t]*)?$/i, 'ndjson'],
];

/**
 * Existing user → identity pairs. To be mounted at `/v1/identity-imports`. The body is the file, so that the reason
 * stands in the query; a dry run writes nothing and needs none.
 */
export function createImportRoutes(deps: ImportRoutesDeps): Router {
  const { gate, services, clock, imports } = deps;
  const router = Router({ caseSensitive: true });
  // Each holds a whole file in memory, and two might link what neither of them sees.
  const alone = createOneAtATime('Another import is running; ask again when it is over.');

  router.post('/', gate.require('admin'), async (request, response, next) => {
    const written = await alone(async () => {
      const order = await readOrder(request, response);
      return isProblem(order) ? order : imports.run(order.service, order.file, order.terms);
    });
    if ('outcome' in written) return next(written);
    sendWritten(response, written);
  });

  async function readOrder(
    request: Request,
    response: Response,
  ): Promise<{ service: ServiceName; file: ImportFile; terms: WriteTerms } | Problem> {
    const { query, faults } = readQuery(request, ['service', 'dryRun', 'reason']);
    const dryRun = query.dryRun === 'true';
    if (query.dryRun !== null && !dryRun && query.dryRun !== 'false') {
      faults.push({ pointer: '?dryRun', detail: 'Must be true or false.' });
    }
    const reason = dryRun && query.reason === null ? 'dry run' : checkReason(query.reason);
    if (typeof reason !== 'string' && reason.code === 'invalid-request') faults.push(...reason.errors);
    const conditions = readWriteConditions(request.headers, false);
    faults.push(...conditions.faults);
    if (faults.length > 0 || typeof reason !== 'string') return refuseRequest(faults);
    const service = findService(services, query.service);
    if (isProblem(service)) return service;

    const format = formatOf(request);
    if (format === null) {
      const detail = 'Content-Type must be text/csv or application/x-ndjson, in UTF-8 and not encoded.';
      return refusedByHttp('unsupported-media-type', { detail });
    }
    const body = await collectBody(request, BODY_BYTES_MAX);
    if (isProblem(body)) return body;
    if (!isUtf8(body)) return refuseRequest([{ pointer: '', detail: 'Must be UTF-8.' }]);

    const digest = createHash('sha256').update(body).digest('hex');
    const fingerprint = fingerprintOf(request, [service, dryRun, reason, format, digest]);
    const { idempotencyKey } = conditions;
    const terms = {
      operator: operatorOf(response),
      nowMs: clock.now(),
      reason,
      requestId: requestIdOf(response),
      ifMatch: null,
      repeatable: idempotencyKey === null ? null : { key: idempotencyKey, fingerprint },
    };
    return { service, file: { format, body, dryRun }, terms };
  }

  return router;
}

function formatOf({ headers }: Request): ImportFile['format'] | null {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return null;
  const type = headers['content-type'] ?? '';
  return FORMATS.find(([pattern]) => pattern.test(type))?.[1] ?? null;
}

function refuseRequest(errors: InputFault[]): Problem {
  return refused('invalid-request', { detail: 'The request has faults.', errors });
}
