import type { Caller } from '../domain/caller.ts';
import type { Clock } from '../domain/clock.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import type { Identity } from '../domain/identity.ts';
import { type Refusal, refused } from '../domain/refusal.ts';
import { DEFAULT_SERVICE, type ServiceName } from '../domain/service-name.ts';
import type { AdmissionPreview } from '../ledger/admission-preview.ts';
import type { BondLedger } from '../ledger/bonds.ts';
import type { ConversationLedger } from '../ledger/conversations.ts';
import type { AdmissionLedger, AdmitRequest } from '../ledger/ledger.ts';
import { decide } from '../policy/decide.ts';
import { explain, type RuleVerdict } from '../policy/explain.ts';
import { NO_HINTS, type Policy, type RequestHints } from '../policy/policy.ts';
import { buildQuestion } from '../policy/question.ts';
import { cameBefore, refuseUnchecked } from './admit-person.ts';
import { buildAsk } from './build-ask.ts';
import type { IssuingService } from './issuing-service.ts';
import type { HumanCheck, ReadClaims } from './ports.ts';
import type { Person } from './resolve-identity.ts';
import type { TokenRequestBody } from './token-request.ts';
import { addWayOut } from './way-out.ts';
import { type MonthVerdict, weighAdmission } from './weigh-admission.ts';

/** A token request that nobody makes: claims instead of a credential, and words instead of headers. */
export interface ExplainRequest {
  issuer: string;
  claims: Record<string, unknown>;
  request: Pick<TokenRequestBody, 'intent' | 'service' | 'tabState'> & {
    hints?: Partial<RequestHints> | undefined;
    /** As if a guest had passed the human check. */
    humanPassed?: boolean | undefined;
  };
}

/** What would become of a token request right now, and why. */
export interface Explanation {
  /** `served` also when an earlier token would be handed out again. */
  outcome: 'served' | 'refused';
  /** What the caller would hear; null when served. */
  refusal: Refusal | null;
  /** Who the claims name; null when they name nobody. */
  caller: Pick<Caller, 'className' | 'tenant' | 'via'> | null;
  /** Null when nobody was named or the name cannot be an identity. */
  person: ExplainedPerson | null;
  /** The policy's rules in order; empty when nobody was named. */
  rules: readonly RuleVerdict[];
  /** The policy rule that answered, null when none was asked. */
  rule: string | null;
  /** Rules in shadow that would have answered before it. */
  shadow: readonly string[];
  /** The ledger's view, the month of the token's first instant first; empty when the policy refused. */
  months: readonly MonthVerdict[];
  /** End of the token, whole seconds since the epoch; null when refused. */
  expiresAt: number | null;
  /** True when Twilio would be asked for a reason to connect, which an explanation does not do. */
  lookUp: boolean;
}

export interface ExplainedPerson {
  /** The person's own identity, before links. */
  own: Identity;
  /** What they are served as; null when the ledger could not be asked. */
  effective: Identity | null;
  kind: Person['kind'];
  blocked: boolean;
  /** True when the own identity was adopted by a member. */
  adopted: boolean;
}

export interface ExplainTokenParts {
  clock: Clock;
  services: ReadonlyMap<string, IssuingService>;
  readClaims: ReadClaims;
  resolveIdentity(caller: Caller): Person | Refusal;
  policy: Policy;
  ledger: Pick<AdmissionLedger, 'preview'> &
    Pick<BondLedger, 'identityFile'> &
    Pick<ConversationLedger, 'unread'>;
  humanCheck: Pick<HumanCheck, 'required' | 'verifyDetails'> | null;
  /** Whether Twilio is asked for reasons that the ledger does not know. */
  lookUp: boolean;
}

/**
 * Explains a token request and mints nothing, counts nothing, writes nothing.
 *
 * @throws GatewayError `ledger-unavailable`
 */
export type ExplainToken = (request: ExplainRequest) => Promise<Explanation>;

const NOT_REACHED: Omit<Explanation, 'refusal'> = {
  outcome: 'refused',
  caller: null,
  person: null,
  rules: [],
  rule: null,
  shadow: [],
  months: [],
  expiresAt: null,
  lookUp: false,
};

/** Builds the explanation, which goes the way of `issue-token.ts` with a preview where that admits. */
export function createExplainToken(parts: ExplainTokenParts): ExplainToken {
  const { clock, services, readClaims, resolveIdentity, policy, ledger, humanCheck } = parts;

  return async ({ issuer, claims, request }) => {
    const nowMs = clock.now();
    const service = services.get(request.service ?? DEFAULT_SERVICE);
    if (service === undefined) {
      return { ...NOT_REACHED, refusal: refused('not-found', { detail: 'There is no such service.' }) };
    }
    const caller = readClaims(issuer, claims);
    if ('outcome' in caller) return { ...NOT_REACHED, refusal: caller };
    const { className, tenant, via } = caller;
    const person = resolveIdentity(caller);
    const question = buildQuestion(request, { ...NO_HINTS, ...request.hints }, caller, nowMs);
    const { answer: permission, rule, shadow } = decide(question, policy);
    const soFar = {
      ...NOT_REACHED,
      caller: { className, tenant, via },
      rules: explain(question, policy),
      rule,
      shadow: shadow.map((each) => each.rule),
    };
    if (person.outcome === 'refused') return { ...soFar, rules: [], rule: null, shadow: [], refusal: person };
    const own = { own: person.identity, effective: null, kind: person.kind, blocked: false, adopted: false };
    if (permission.outcome === 'refused') {
      const effective = await readEffective(ledger, service.name, person.identity);
      return { ...soFar, person: { ...own, ...effective }, refusal: permission };
    }

    const ask = buildAsk(service, caller, person, permission, request, nowMs);
    const preview = await previewWithUnread(ledger, ask);
    const { months, refusal, expiresAt } = weighAdmission(ask, preview);
    const stranger = months[0]?.known === false && !preview.blocked && !preview.adopted;
    const unchecked = stranger && !permission.knownOnly && !request.humanPassed;
    const due = unchecked && humanCheck?.required(caller) && !(await cameBefore(ledger, ask));
    const check = due ? humanCheck : null;
    const answer = check === null ? refusal : refuseUnchecked(check);
    return {
      ...soFar,
      outcome: answer === null ? 'served' : 'refused',
      refusal: answer && addWayOut(answer, permission, policy, service),
      person: {
        ...own,
        effective: preview.identity,
        blocked: preview.blocked,
        adopted: preview.adopted,
      },
      months,
      expiresAt: answer === null ? expiresAt : null,
      lookUp: parts.lookUp && answer?.code === 'no-reason-to-connect',
    };
  };
}

/** What they would be served as, and whether that is blocked; nothing while the ledger is away, since nothing else asks it. */
async function readEffective(
  ledger: Pick<BondLedger, 'identityFile'>,
  service: ServiceName,
  own: Identity,
): Promise<Pick<ExplainedPerson, 'effective' | 'blocked'> | null> {
  try {
    const { servedAs, blocked } = await ledger.identityFile(service, own);
    if (servedAs === null) return { effective: own, blocked };
    return { effective: servedAs, blocked: (await ledger.identityFile(service, servedAs)).blocked };
  } catch (error) {
    if (error instanceof GatewayError) return null;
    throw error;
  }
}

/** What the ledger would look at; for a newcomer who needs a reason also whether a message waits. */
async function previewWithUnread(
  ledger: ExplainTokenParts['ledger'],
  ask: AdmitRequest,
): Promise<AdmissionPreview> {
  const preview = await ledger.preview(ask);
  const { identity, months } = preview;
  if (!ask.needsReason || months.every(({ record, reason }) => record !== null || reason)) return preview;
  const { conversations } = await ledger.unread(ask.service, identity);
  if (conversations.length === 0) return preview;
  return { ...preview, months: months.map((month) => ({ ...month, reason: true })) };
}
