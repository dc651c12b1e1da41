import { type RequestHandler, Router } from 'express';
import type { z } from 'zod';
import { explanationRequestSchema } from '../../contract/explanation.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { ExplainToken, Explanation } from '../../issue/explain-token.ts';
import type { RequestHints } from '../../policy/policy.ts';
import { readOperatorBody } from '../operator-body.ts';
import { findService, readQuery, refusedQuery } from '../operator-query.ts';
import type { OperatorGate } from '../operators.ts';
import { isProblem } from '../problem.ts';
import { acceptsJson, sendFresh } from '../send-json.ts';

export interface ExplanationRoutesDeps {
  gate: OperatorGate;
  clock: Clock;
  services: readonly ServiceName[];
  explainToken: ExplainToken;
}

const FIELDS = Object.keys(explanationRequestSchema.shape);

/** What would become of a token request, and why. Writes nothing. To be mounted at `/v1/explanations`. */
export function createExplanationRoutes({
  gate,
  clock,
  services,
  explainToken,
}: ExplanationRoutesDeps): Router {
  const router = Router({ caseSensitive: true });

  const explainRequest: RequestHandler = async (request, response, next) => {
    const { query, faults } = readQuery(request, ['service']);
    if (faults.length > 0) return next(refusedQuery(faults));
    const read = await readOperatorBody(request, explanationRequestSchema, FIELDS);
    if ('problem' in read) return next(read.problem);
    const { issuer, claims, request: asked } = read.body;
    const service = findService(services, asked.service ?? query.service);
    if (isProblem(service)) return next(service);
    const explanation = await explainToken({
      issuer,
      claims,
      request: { ...asked, service, hints: hintsOf(asked) },
    });
    sendFresh(response, {
      service,
      asOf: new Date(clock.now()).toISOString(),
      ...viewExplanation(explanation),
    });
  };
  router.post('/', gate.require('finance'), acceptsJson, explainRequest);

  return router;
}

function hintsOf({ hints }: z.infer<typeof explanationRequestSchema>['request']): RequestHints {
  return {
    prefetch: hints?.prefetch ?? false,
    crawler: hints?.crawler ?? false,
    originMissing: hints?.originMissing ?? false,
  };
}

function viewExplanation({ caller, months, expiresAt, refusal, ...rest }: Explanation): object {
  return {
    ...rest,
    refusal: viewRefusal(refusal),
    caller: caller && { class: caller.className, tenant: caller.tenant, via: caller.via },
    months: months.map((verdict) => ({ ...verdict, refusal: viewRefusal(verdict.refusal) })),
    expiresAt: expiresAt === null ? null : new Date(expiresAt * 1000).toISOString(),
  };
}

function viewRefusal(refusal: Refusal | null): object | null {
  if (refusal === null) return null;
  const { outcome: _outcome, ...said } = refusal;
  return said;
}
