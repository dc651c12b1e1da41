import type { Caller } from '../domain/caller.ts';
import { type Refusal, refused } from '../domain/refusal.ts';
import type { BondLedger } from '../ledger/bonds.ts';
import type { ConversationLedger } from '../ledger/conversations.ts';
import type { AdmissionLedger, AdmitRequest, Admitted } from '../ledger/ledger.ts';
import type { DecisionEvent, HumanCheck, ReasonSource } from './ports.ts';
import type { TokenRequest } from './token-request.ts';

export interface AdmissionParts {
  ledger: AdmissionLedger & Pick<BondLedger, 'identityFile' | 'linksOf'> & Pick<ConversationLedger, 'unread'>;
  /** Null: guests need no check. */
  humanCheck: HumanCheck | null;
  /** Null: only the ledger knows reasons to connect. */
  reasonSource: ReasonSource | null;
}

/** What the checks before an admission draw from, besides the question to the ledger. */
export interface AdmissionContext {
  caller: Caller;
  request: TokenRequest;
  /** A look-up that failed is noted here; the request goes on. */
  event: DecisionEvent;
  /** ms since the epoch. */
  nowMs: number;
}

export type AdmitPerson = (ask: AdmitRequest, context: AdmissionContext) => Promise<Admitted | Refusal>;

/**
 * Builds the admission of a person: one call of the ledger, and around it what only newcomers meet. Whoever is in the
 * month passes in that one call, whatever is configured.
 */
export function createAdmitPerson({ ledger, humanCheck, reasonSource }: AdmissionParts): AdmitPerson {
  /** Admits; a newcomer of whom last month tells no reason may have one: an unread message. */
  async function admitForReason(ask: AdmitRequest, context: AdmissionContext): Promise<Admitted | Refusal> {
    const admitted = await ledger.admit(ask);
    // Not looked first: known people, who are many more, are spared that.
    if (admitted.outcome !== 'refused' || admitted.code !== 'no-reason-to-connect') return admitted;
    if (!(await findUnread(ledger, ask, context, reasonSource))) return admitted;
    withdraw(admitted, ask, context);
    return ledger.admit({ ...ask, needsReason: false });
  }

  /** What was refused is weighed anew. Nobody waits for this count. */
  function withdraw({ code }: Refusal, { service }: AdmitRequest, { nowMs }: AdmissionContext): void {
    ledger.withdrawRefusal(service, code, nowMs).catch(() => {});
  }

  /** A guest shows to be human before the very first token, and then only. */
  async function admitHuman(
    ask: AdmitRequest,
    context: AdmissionContext,
    check: HumanCheck,
  ): Promise<Admitted | Refusal> {
    const { body, remoteAddress } = context.request;
    const { humanToken } = body;
    if (humanToken === undefined) {
      const known = await ledger.admit({ ...ask, knownOnly: true });
      if (!isStranger(known) || ask.knownOnly) return known;
      const before = await cameBefore(ledger, ask);
      withdraw(known, ask, context);
      if (before) return admitChecked(ask, context);
      await ledger.countRefusal(ask.service, 'human-check-required', context.nowMs);
      return refuseUnchecked(check);
    }
    // Looked at first, because the provider's answer is good once and takes its time.
    const standing = await ledger.standing(ask).catch((failure: Error) => failure);
    if (standing instanceof Error) return admitKnown(ask, standing);
    const { months, blocked, adopted } = standing;
    const decided = ask.knownOnly || blocked || adopted || months[0]?.record !== null;
    if (!decided && !(await cameBefore(ledger, ask)) && !(await check.verify(humanToken, remoteAddress))) {
      await ledger.countRefusal(ask.service, 'human-check-required', context.nowMs);
      return refuseUnchecked(check);
    }
    return admitChecked(ask, context);
  }

  /** With a ledger that cannot be looked at: whoever is known needs no check. */
  async function admitKnown(ask: AdmitRequest, failure: Error): Promise<Admitted | Refusal> {
    const known = await ledger.admit({ ...ask, knownOnly: true });
    if (isStranger(known)) throw failure;
    return known;
  }

  function admitChecked(ask: AdmitRequest, context: AdmissionContext): Promise<Admitted | Refusal> {
    return ask.needsReason ? admitForReason(ask, context) : ledger.admit(ask);
  }

  return (ask, context) =>
    humanCheck?.required(context.caller) ? admitHuman(ask, context, humanCheck) : admitChecked(ask, context);
}

/** Whether the ledger has refused somebody because it does not know them, and for no other reason. */
export function isStranger(answer: Admitted | Refusal): answer is Refusal {
  return answer.outcome === 'refused' && answer.code === 'lazy-connect-required';
}

/** What a guest hears who has not shown to be human. */
export function refuseUnchecked({ verifyDetails }: Pick<HumanCheck, 'verifyDetails'>): Refusal {
  return refused('human-check-required', {
    detail: 'Guests show that they are human before their first token.',
    verify: verifyDetails,
  });
}

/** Whether the guest was counted in an earlier month. */
export async function cameBefore(
  ledger: Pick<BondLedger, 'identityFile'>,
  ask: AdmitRequest,
): Promise<boolean> {
  const { months } = await ledger.identityFile(ask.service, ask.identity);
  return months.length > 0;
}

/**
 * Whether a message waits for the person, as the ledger has heard or, where that is set up, as Twilio knows. A look-up
 * that fails finds nothing.
 */
async function findUnread(
  ledger: Pick<BondLedger, 'linksOf'> & Pick<ConversationLedger, 'unread'>,
  ask: AdmitRequest,
  { event, nowMs }: AdmissionContext,
  source: ReasonSource | null,
): Promise<boolean> {
  try {
    // Others know somebody linked by what they are served as.
    const [link] = await ledger.linksOf(ask.service, [ask.identity]);
    const identity = link ?? ask.identity;
    const { conversations } = await ledger.unread(ask.service, identity);
    if (conversations.length > 0) return true;
    return source !== null && (await source.hasReason(ask.service, identity, nowMs));
  } catch (error) {
    event.reason = `look-up: ${error instanceof Error ? error.message : String(error)}`;
    return false;
  }
}
