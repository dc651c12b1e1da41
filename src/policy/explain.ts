import { isInShadow } from './decide.ts';
import type { Policy, Question, Rule } from './policy.ts';
import { RULES } from './rules.ts';

/** What one rule says to a question. */
export interface RuleVerdict {
  rule: string;
  /** `passes`: leaves it to the next rule. `not-reached`: an earlier rule has answered. */
  verdict: 'passes' | 'refuses' | 'permits' | 'not-reached';
  /** True when the rule runs in shadow, so that its verdict is counted and does nothing. */
  shadow: boolean;
  /** What the rule looked at. */
  facts: Readonly<Record<string, unknown>>;
}

/** Lists every rule with its verdict. The first that answers and is not in shadow is the one `decide` answers with. */
export function explain(
  question: Question,
  policy: Policy,
  rules: readonly Rule[] = RULES,
): readonly RuleVerdict[] {
  let answered = false;
  return rules.map((rule) => {
    const shadow = isInShadow(rule, policy);
    const facts = rule.facts(question, policy);
    if (answered) return { rule: rule.name, verdict: 'not-reached', shadow, facts };
    const answer = rule.apply(question, policy);
    answered = answer !== null && !shadow;
    return { rule: rule.name, verdict: verdictOf(answer), shadow, facts };
  });
}

function verdictOf(answer: ReturnType<Rule['apply']>): RuleVerdict['verdict'] {
  if (answer === null) return 'passes';
  return answer.outcome === 'refused' ? 'refuses' : 'permits';
}
