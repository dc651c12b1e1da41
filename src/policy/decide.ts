import type { Refusal } from '../domain/refusal.ts';
import type { Permission, Policy, Question, Rule } from './policy.ts';
import { RULES } from './rules.ts';

export interface Decision {
  answer: Permission | Refusal;
  /** Name of the rule that answered. */
  rule: string;
  /** What rules in shadow would have answered before that, in order. */
  shadow: readonly ShadowAnswer[];
}

/** What a rule in shadow would have said. A permission is one with terms, which the ledger may not have met. */
export interface ShadowAnswer {
  rule: string;
  answer: Permission | Refusal;
}

const NOTHING: readonly ShadowAnswer[] = Object.freeze([]);

/**
 * Decides whether the ledger may be asked. Pure: the same question and policy always give the same answer. A rule
 * in shadow changes nothing of the answer: it is as if it were not there.
 */
export function decide(question: Question, policy: Policy, rules: readonly Rule[] = RULES): Decision {
  let shadow: ShadowAnswer[] | null = null;
  for (const rule of rules) {
    const answer = rule.apply(question, policy);
    if (answer === null) continue;
    if (!isInShadow(rule, policy)) return { answer, rule: rule.name, shadow: shadow ?? NOTHING };
    shadow ??= [];
    shadow.push({ rule: rule.name, answer });
  }
  throw new Error('the last policy rule must answer');
}

export function isInShadow({ name, canShadow }: Rule, { shadow }: Policy): boolean {
  return canShadow && shadow.includes(name);
}
