import type { Caller } from '../domain/caller.ts';
import { planTokenLife } from '../domain/token-life.ts';
import type { AdmitRequest } from '../ledger/ledger.ts';
import type { Permission } from '../policy/policy.ts';
import type { IssuingService } from './issuing-service.ts';
import type { Person } from './resolve-identity.ts';
import type { TokenRequestBody } from './token-request.ts';

/** Puts a permitted request into the words of the ledger. */
export function buildAsk(
  service: IssuingService,
  caller: Caller,
  person: Person,
  permission: Permission,
  body: Pick<TokenRequestBody, 'intent' | 'tabState'>,
  nowMs: number,
): AdmitRequest {
  return {
    service: service.name,
    identity: person.identity,
    className: caller.className,
    tenant: caller.tenant,
    intent: body.intent,
    rule: permission.rule,
    life: planTokenLife(nowMs, service.ttlSeconds, person.spread),
    policyMark: service.minter.policyMark(caller.className),
    knownOnly: permission.knownOnly,
    needsReason: permission.needsReason,
    hidden: body.tabState === 'hidden',
  };
}
