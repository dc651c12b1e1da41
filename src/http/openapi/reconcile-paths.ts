import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { closingSchema, manifestSchema } from '../../contract/closing.ts';
import { reconciliationSchema } from '../../contract/reconciliation.ts';
import { reasonGivenSchema, reasonWriteSchema } from '../../contract/steering.ts';
import { idempotencyKey, ofMonth, readPath, service, writePath } from './operator-parts.ts';
import { BODY_PROBLEMS } from './problem-groups.ts';
import { problemResponses } from './problem-responses.ts';

const flag = (what: string) => z.enum(['true', 'false']).optional().meta({ description: what });

/** Routes about months that are over, and about Twilio's own figures. */
export const RECONCILE_PATHS: readonly RouteConfig[] = [
  readPath({
    path: '/v1/months/{month}/manifest',
    operationId: 'getManifest',
    summary: 'Rows, digest and signature of the identity export; role finance',
    params: ofMonth,
    query: z.object({
      service,
      format: z.enum(['csv', 'ndjson']).optional().meta({ description: '`csv` unless told.' }),
      now: flag('Of the export as it is now, also of a closed month; unsigned.'),
    }),
    answer: manifestSchema,
  }),
  readPath({
    path: '/v1/months/{month}/close',
    operationId: 'getClosing',
    summary: 'The figures that were frozen when the month was closed, beside those of now; role finance',
    params: ofMonth,
    answer: closingSchema,
  }),
  writePath({
    method: 'post',
    path: '/v1/months/{month}/close',
    operationId: 'closeMonth',
    summary: 'Freeze and sign the figures of a month that is over; role admin',
    params: ofMonth,
    body: { 'application/json': reasonWriteSchema },
    answer: closingSchema,
  }),
  readPath({
    path: '/v1/months/{month}/reconciliation',
    operationId: 'getReconciliation',
    summary: "The ledger beside Twilio's own record, the gap split by cause; role finance",
    params: ofMonth,
    answer: reconciliationSchema,
  }),
  pullPath(),
];

/** Reads at Twilio and keeps what it said; takes a reason, and goes without. */
function pullPath(): RouteConfig {
  const plan = readPath({
    path: '/v1/months/{month}/reconciliation',
    operationId: 'pullReconciliation',
    summary: "Pull Twilio's record anew; role finance",
    params: ofMonth,
    query: z.object({ service, people: flag('Also compare people by name, through lists.') }),
    answer: reconciliationSchema,
  });
  return {
    ...plan,
    method: 'post',
    request: {
      ...plan.request,
      headers: z.object({ 'Idempotency-Key': idempotencyKey('is pulled again and written down once') }),
      body: { required: false, content: { 'application/json': { schema: reasonGivenSchema } } },
    },
    responses: {
      ...plan.responses,
      ...problemResponses([
        ...(['conflict', 'ledger-unavailable', 'twilio-unavailable'] as const),
        ...BODY_PROBLEMS,
      ]),
    },
  };
}
