import type { Caller } from '../domain/caller.ts';
import type { Clock } from '../domain/clock.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import { type Refusal, refused } from '../domain/refusal.ts';
import { DEFAULT_SERVICE, type ServiceName } from '../domain/service-name.ts';
import { planTokenLife, refreshAtSeconds } from '../domain/token-life.ts';
import type { AdmissionLedger, Admitted, LedgerRefusal } from '../ledger/ledger.ts';
import { decide } from '../policy/decide.ts';
import { allowedIntents, type Permission, type Policy } from '../policy/policy.ts';
import type { Minter } from './mint.ts';
import type { Authenticator, DecisionEvent, DecisionSink, PersonLimiter } from './ports.ts';
import type { Person } from './resolve-identity.ts';
import type { IssuedToken, IssueToken, TokenRequest } from './token-request.ts';

/** A Conversations service that tokens are issued for. */
export interface IssuingService {
  name: ServiceName;
  serviceSid: string;
  region: string | null;
  ttlSeconds: number;
  minter: Minter;
}

export interface IssueTokenParts {
  clock: Clock;
  services: ReadonlyMap<string, IssuingService>;
  authenticator: Authenticator;
  limiter: PersonLimiter;
  resolveIdentity(caller: Caller): Person | Refusal;
  policy: Policy;
  ledger: AdmissionLedger;
  onDecision: DecisionSink;
}

/** Builds the issuing path. Its order is written here and nowhere else. */
export function createIssueToken(parts: IssueTokenParts): IssueToken {
  const { clock, services, authenticator, limiter, resolveIdentity, policy, ledger } = parts;

  async function issue(request: TokenRequest, event: DecisionEvent): Promise<IssuedToken | Refusal> {
    const nowMs = clock.now();
    const service = services.get(event.service);
    if (service === undefined) return refused('not-found', { detail: 'There is no such service.' });

    const caller = await authenticator.authenticate(request.credentials, nowMs);
    if ('outcome' in caller) return caller;
    event.via = caller.via;
    event.class = caller.className;

    const person = resolveIdentity(caller);
    if (person.outcome === 'refused') return person;
    event.person = person.logReference;

    const limited = await takePlace(limiter, person);
    if (limited !== null) return limited;

    const permission = decide({ intent: request.body.intent }, policy);
    if (permission.outcome === 'refused') {
      if (permission.code !== 'invalid-request') countRefusal(service, permission.code, nowMs);
      return permission;
    }
    event.rule = permission.rule;

    const admitted = await admit(service, caller, person, permission, request, nowMs);
    if (admitted.outcome === 'refused') return withWayOut(admitted);
    event.month = admitted.month;
    event.firstThisMonth = admitted.outcome === 'new';

    return {
      outcome: admitted.outcome === 'reuse' ? 'reused' : 'minted',
      token: service.minter.mint(admitted, caller.className),
      identity: admitted.identity,
      issuedAt: admitted.issuedAt,
      expiresAt: admitted.expiresAt,
      refreshAt: refreshAtSeconds(admitted.issuedAt, admitted.expiresAt),
      serverTimeMs: nowMs,
      serviceSid: service.serviceSid,
      region: service.region,
      month: admitted.month,
      firstThisMonth: admitted.outcome === 'new',
    };
  }

  /** Counted and logged, or refused: after this the mint is in the ledger, before it nothing is. */
  function admit(
    service: IssuingService,
    caller: Caller,
    person: Person,
    permission: Permission,
    { body }: TokenRequest,
    nowMs: number,
  ): Promise<Admitted | LedgerRefusal> {
    return ledger.admit({
      service: service.name,
      identity: person.identity,
      className: caller.className,
      tenant: caller.tenant,
      intent: body.intent,
      rule: permission.rule,
      life: planTokenLife(nowMs, service.ttlSeconds, person.spread),
      policyMark: service.minter.policyMark(caller.className),
      knownOnly: permission.knownOnly,
      hidden: body.tabState === 'hidden',
    });
  }

  /** The ledger does not know the policy, and so not which other intents would have been served. */
  function withWayOut(refusal: LedgerRefusal): Refusal {
    if (refusal.code !== 'lazy-connect-required') return refusal;
    return { ...refusal, allowedIntents: allowedIntents(policy) };
  }

  /** Nobody waits for this count: it decides nothing, and its loss is logged by the ledger's own failure. */
  function countRefusal(service: IssuingService, code: string, nowMs: number): void {
    ledger.countRefusal(service.name, code, nowMs).catch(() => {});
  }

  return async (request) => {
    const startedAt = performance.now();
    const event = openEvent(request);
    let failure: unknown = null;
    try {
      const result = await issue(request, event);
      event.outcome = result.outcome;
      if (result.outcome === 'refused') {
        event.code = result.code;
        event.reason = result.code === 'unauthenticated' ? result.reason : null;
      }
      return result;
    } catch (error) {
      failure = error;
      event.code = error instanceof GatewayError ? error.code : 'internal';
      event.reason = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      event.durationMs = performance.now() - startedAt;
      parts.onDecision(event, failure);
    }
  };
}

function openEvent({ requestId, body }: TokenRequest): DecisionEvent {
  return {
    requestId,
    outcome: 'failed',
    code: null,
    service: body.service ?? DEFAULT_SERVICE,
    intent: body.intent,
    tabState: body.tabState ?? null,
    device: body.device ?? null,
    via: null,
    class: null,
    person: null,
    month: null,
    firstThisMonth: null,
    rule: null,
    reason: null,
    durationMs: 0,
  };
}

async function takePlace(limiter: PersonLimiter, { logReference }: Person): Promise<Refusal | null> {
  const verdict = await limiter.take(logReference);
  if (verdict.allowed) return null;
  return refused('rate-limited', {
    detail: `At most ${verdict.limit} token requests in ${verdict.windowSeconds} s for one person.`,
    policy: 'token-requests',
    limit: verdict.limit,
    windowSeconds: verdict.windowSeconds,
    retryAfterSeconds: verdict.retryAfterSeconds,
  });
}
