import type { Caller } from '../domain/caller.ts';
import type { Clock } from '../domain/clock.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import type { Limiter, LimitVerdict } from '../domain/limiter.ts';
import { type Refusal, refused } from '../domain/refusal.ts';
import { DEFAULT_SERVICE } from '../domain/service-name.ts';
import { refreshAtSeconds } from '../domain/token-life.ts';
import type { BondLedger } from '../ledger/bonds.ts';
import type { ConversationLedger } from '../ledger/conversations.ts';
import type { AdmissionLedger } from '../ledger/ledger.ts';
import { decide, type ShadowAnswer } from '../policy/decide.ts';
import { NO_HINTS, type Policy } from '../policy/policy.ts';
import { buildQuestion } from '../policy/question.ts';
import { createAdmitPerson, isStranger } from './admit-person.ts';
import { adoptGuest, NOTHING_ADOPTED } from './adopt-guest.ts';
import { buildAsk } from './build-ask.ts';
import type { IssuingService } from './issuing-service.ts';
import type {
  Authenticator,
  DecisionEvent,
  DecisionSink,
  GuestAdoption,
  HumanCheck,
  ReasonSource,
} from './ports.ts';
import type { Person } from './resolve-identity.ts';
import { type Admission, findShadowRefusals } from './shadow-refusals.ts';
import type { IssuedToken, IssueToken, TokenRequest } from './token-request.ts';
import { addWayOut } from './way-out.ts';

export interface IssueTokenParts {
  clock: Clock;
  services: ReadonlyMap<string, IssuingService>;
  authenticator: Authenticator;
  limiter: Limiter;
  /** Token requests a minute, for classes with a limit of their own, by class name. */
  perMinute: Readonly<Record<string, number>>;
  resolveIdentity(caller: Caller): Person | Refusal;
  policy: Policy;
  ledger: AdmissionLedger & Pick<BondLedger, 'identityFile' | 'linksOf'> & Pick<ConversationLedger, 'unread'>;
  /** Null: only the ledger knows reasons to connect. */
  reasonSource: ReasonSource | null;
  /** Null: guests need no check. */
  humanCheck: HumanCheck | null;
  /** Null: nothing is adopted unless asked for. */
  guestAdoption: GuestAdoption | null;
  onDecision: DecisionSink;
}

const NO_RULES: readonly string[] = [];

/** Builds the issuing path. Its order is written here and nowhere else. */
export function createIssueToken(parts: IssueTokenParts): IssueToken {
  const { clock, services, authenticator, limiter, resolveIdentity, policy, ledger, guestAdoption } = parts;
  const admitPerson = createAdmitPerson(parts);

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

    const place = await limiter.take(person.logReference, parts.perMinute[caller.className]);
    if (!place.allowed) return refuseHurry(place);

    const question = buildQuestion(request.body, request.hints ?? NO_HINTS, caller, nowMs);
    const { answer: permission, rule, shadow } = decide(question, policy);
    event.rule = rule;
    if (permission.outcome === 'refused') {
      if (shadow.length > 0) await noteShadow(service, shadow, null, event, nowMs);
      if (permission.code !== 'invalid-request') countRefusal(service, permission.code, nowMs);
      return permission;
    }

    const adoption =
      guestAdoption === null
        ? NOTHING_ADOPTED
        : await adoptGuest(guestAdoption, { service: service.name, caller, person, request, nowMs });

    const ask = buildAsk(service, caller, person, permission, request.body, nowMs);
    ask.knownOnly ||= adoption.failure !== null;
    // Counted and logged, or refused: after this the mint is in the ledger, before it nothing is.
    const admitted = await admitPerson(ask, { caller, request, event, nowMs });
    if (adoption.failure !== null && isStranger(admitted)) throw adoption.failure;
    if (shadow.length > 0) await noteShadow(service, shadow, { ask, answer: admitted }, event, nowMs);
    if (admitted.outcome === 'refused') return addWayOut(admitted, permission, policy, service);
    event.month = admitted.month;
    event.firstThisMonth = admitted.outcome === 'new';
    event.withoutLedger = admitted.withoutLedger === true;

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
      guestAdopted: adoption.adopted,
    };
  }

  /** Nobody waits for this count: it decides nothing, and its loss is logged by the ledger's own failure. */
  function countRefusal(service: IssuingService, code: string, nowMs: number): void {
    ledger.countRefusal(service.name, code, nowMs).catch(() => {});
  }

  /** The same goes for rules in shadow, which never keep anybody from their token. */
  async function noteShadow(
    { name }: IssuingService,
    shadow: readonly ShadowAnswer[],
    admission: Admission | null,
    event: DecisionEvent,
    nowMs: number,
  ): Promise<void> {
    if (shadow.length === 0) return;
    event.shadow = await findShadowRefusals(ledger, shadow, admission);
    for (const rule of event.shadow) ledger.countShadow(name, rule, nowMs).catch(() => {});
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
        if (result.code === 'unauthenticated') event.reason = result.reason;
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
    withoutLedger: false,
    shadow: NO_RULES,
    reason: null,
    durationMs: 0,
  };
}

function refuseHurry({ limit, windowSeconds, retryAfterSeconds }: LimitVerdict): Refusal {
  return refused('rate-limited', {
    detail: `At most ${limit} token requests in ${windowSeconds} s for one person.`,
    ...{ policy: 'token-requests', limit, windowSeconds, retryAfterSeconds },
  });
}
