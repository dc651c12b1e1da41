import type { Refusal, RefusalCode } from '../domain/refusal.ts';
import type { ConversationLedger } from '../ledger/conversations.ts';
import type { AdmissionLedger, AdmitRequest, Admitted } from '../ledger/ledger.ts';
import type { ShadowAnswer } from '../policy/decide.ts';

/** What was asked of the ledger and what came of it. */
export interface Admission {
  ask: AdmitRequest;
  answer: Admitted | Refusal;
}

type ReasonLedger = AdmissionLedger & Pick<ConversationLedger, 'unread'>;

/** Refusals that only newcomers meet. */
const FOR_NEWCOMERS: readonly RefusalCode[] = [
  'lazy-connect-required',
  'no-reason-to-connect',
  'human-check-required',
  'new-identities-frozen',
  'mau-budget-exhausted',
];

/**
 * The rules in shadow that would have refused: those that refuse outright, and those that serve only some, when this
 * one was a newcomer, or a newcomer for whom nothing waits.
 *
 * @param admission null when the ledger was not asked, and so nobody knows a newcomer
 */
export async function findShadowRefusals(
  ledger: ReasonLedger,
  shadow: readonly ShadowAnswer[],
  admission: Admission | null,
): Promise<string[]> {
  const newcomer = admission !== null && isNewcomer(admission.answer);
  const rules: string[] = [];
  for (const { rule, answer } of shadow) {
    const refuses =
      answer.outcome === 'refused' ||
      (newcomer && answer.knownOnly) ||
      (newcomer && answer.needsReason && !(await hasReason(ledger, admission.ask)));
    if (refuses) rules.push(rule);
  }
  return rules;
}

function isNewcomer(answer: Admitted | Refusal): boolean {
  return answer.outcome === 'refused' ? FOR_NEWCOMERS.includes(answer.code) : answer.outcome === 'new';
}

/**
 * As the ledger knows it, which the admission itself has not changed. Further calls, for newcomers only. When one
 * fails nothing is counted: a rule in shadow must not keep anybody from a token.
 */
async function hasReason(ledger: ReasonLedger, ask: AdmitRequest): Promise<boolean> {
  try {
    const { months, identity } = await ledger.standing(ask);
    if (months.some(({ reason }) => reason)) return true;
    return (await ledger.unread(ask.service, identity)).conversations.length > 0;
  } catch {
    return true;
  }
}
