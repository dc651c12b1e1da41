import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Refusal, refused } from '../../src/domain/refusal.ts';
import { PROBLEM_KINDS } from '../../src/http/problem-kinds.ts';
import { decide } from '../../src/policy/decide.ts';
import { explain } from '../../src/policy/explain.ts';
import type { IntentRule, Permission, Policy, Question, Rule } from '../../src/policy/policy.ts';
import { RULES, SHADOW_RULES } from '../../src/policy/rules.ts';

const hints = fc.record({ prefetch: fc.boolean(), crawler: fc.boolean(), originMissing: fc.boolean() });
const questions: fc.Arbitrary<Question> = fc.record({
  intent: fc.constantFrom('a', 'b', 'c', 'd', 'stranger'),
  className: fc.constantFrom('member', 'guest'),
  via: fc.constantFrom<Question['via']>('bearer', 'backend', 'session', 'guest'),
  tabState: fc.constantFrom<Question['tabState']>('focused', 'visible', 'hidden', null),
  hints,
  secondsToMonthTurn: fc.nat(2_000),
});
const intentRules = fc.constantFrom<IntentRule>('allow', 'deny', 'needs-reason', 'known-only');
const policies: fc.Arbitrary<Policy> = fc.record({
  intents: fc.record({ a: intentRules, b: intentRules, c: intentRules, d: intentRules }),
  shadow: fc.subarray([...SHADOW_RULES]),
  requireOrigin: fc.boolean(),
  crawlers: fc.boolean(),
  monthTurnQuietSeconds: fc.nat(2_000),
});

/** Rules made up from a table of answers, so that any set of rules is met, not only the shipped one. */
const madeUp: fc.Arbitrary<Rule[]> = fc
  .array(fc.record({ says: fc.constantFrom('nothing', 'refusal', 'terms'), onHidden: fc.boolean() }), {
    maxLength: 6,
  })
  .map((rows) => [...rows.map((row, index) => ruleOf(`rule-${index}`, row)), LAST]);

function ruleOf(name: string, { says, onHidden }: { says: string; onHidden: boolean }): Rule {
  const refusal = refused('forbidden', { detail: name });
  const terms: Permission = { outcome: 'permitted', rule: name, knownOnly: true, needsReason: false };
  const answer = says === 'nothing' ? null : says === 'refusal' ? refusal : terms;
  return {
    name,
    canShadow: true,
    apply: ({ tabState }) => (onHidden && tabState !== 'hidden' ? null : answer),
    facts: () => ({ says, onHidden }),
  };
}

const LAST: Rule = {
  name: 'last',
  canShadow: false,
  apply: () => ({ outcome: 'permitted', rule: 'last', knownOnly: false, needsReason: false }),
  facts: () => ({}),
};

/** Random rule sets of either kind, with a shadow that names some of them. */
const ruleSets = fc.oneof(
  fc.constant(RULES as Rule[]).chain((rules) => policies.map((policy) => ({ rules, policy }))),
  madeUp.chain((rules) =>
    fc.tuple(policies, fc.subarray(rules.map(({ name }) => name))).map(([policy, shadow]) => ({
      rules,
      policy: { ...policy, shadow },
    })),
  ),
);

/** 0 for a refusal, 1 for a permission with terms, 2 for one without. */
function generosity(answer: Permission | Refusal): number {
  if (answer.outcome === 'refused') return 0;
  return answer.knownOnly || answer.needsReason ? 1 : 2;
}

describe('any set of rules', () => {
  test('gives one answer, always the same', () => {
    fc.assert(
      fc.property(ruleSets, questions, ({ rules, policy }, question) => {
        const decision = decide(question, policy, rules);
        expect(decide(question, policy, rules)).toEqual(decision);
        if (decision.answer.outcome === 'refused') expect(PROBLEM_KINDS).toHaveProperty(decision.answer.code);
        else expect(rules.map(({ name }) => name)).toContain(decision.answer.rule);
      }),
    );
  });

  test('answers with a rule in shadow as if that rule were not there', () => {
    fc.assert(
      fc.property(ruleSets, questions, ({ rules, policy }, question) => {
        const acting = rules.filter(({ name, canShadow }) => !canShadow || !policy.shadow.includes(name));
        const { answer } = decide(question, policy, rules);
        expect(answer).toEqual(decide(question, { ...policy, shadow: [] }, acting).answer);
      }),
    );
  });

  test('answers as before when a new rule comes in shadow: a refusal never becomes a permission', () => {
    fc.assert(
      fc.property(ruleSets, questions, fc.nat(), fc.boolean(), ({ rules, policy }, question, at, refuses) => {
        const added = ruleOf('added', { says: refuses ? 'refusal' : 'terms', onHidden: false });
        const place = at % rules.length;
        const more = [...rules.slice(0, place), added, ...rules.slice(place)];
        const before = decide(question, policy, rules).answer;
        const after = decide(question, { ...policy, shadow: [...policy.shadow, 'added'] }, more);
        expect(after.answer).toEqual(before);
        const { answer } = decide(question, policy, more);
        // Acting, it can only have kept somebody out, unless it stands before stricter ones with its terms.
        if (refuses) expect(generosity(answer)).toBeLessThanOrEqual(generosity(before));
      }),
    );
  });

  test('is explained as it is decided', () => {
    fc.assert(
      fc.property(ruleSets, questions, ({ rules, policy }, question) => {
        const { answer, rule: answering, shadow } = decide(question, policy, rules);
        const verdicts = explain(question, policy, rules);
        expect(verdicts.map(({ rule }) => rule)).toEqual(rules.map(({ name }) => name));

        const spoke = verdicts.filter(({ verdict }) => verdict === 'refuses' || verdict === 'permits');
        const [acting, ...none] = spoke.filter((verdict) => !verdict.shadow);
        expect(none).toEqual([]);
        expect(acting?.verdict).toBe(answer.outcome === 'refused' ? 'refuses' : 'permits');
        expect(acting?.rule).toBe(answering);
        if (answer.outcome === 'permitted') expect(answer.rule).toBe(answering);
        expect(spoke.filter((verdict) => verdict.shadow).map(({ rule }) => rule)).toEqual(
          shadow.map(({ rule }) => rule),
        );
        const reached = verdicts.findIndex(({ rule }) => rule === acting?.rule);
        for (const [index, { verdict }] of verdicts.entries()) {
          expect(verdict === 'not-reached').toBe(index > reached);
        }
      }),
    );
  });
});

describe('the shipped rules, whatever the policy', () => {
  const shipped = fc.tuple(
    policies.map((policy) => ({ ...policy, shadow: [] })),
    questions,
  );

  test('let no newcomer in from a hidden tab, and nobody by a denied intent', () => {
    fc.assert(
      fc.property(shipped, ([policy, question]) => {
        const { answer } = decide(question, policy);
        if (answer.outcome === 'refused') return;
        if (question.tabState === 'hidden') expect(answer.knownOnly).toBe(true);
        expect(policy.intents[question.intent]).not.toBe('deny');
        if (policy.intents[question.intent] === 'known-only') expect(answer.knownOnly).toBe(true);
      }),
    );
  });

  test('let nothing in for a hint: hints only ever refuse', () => {
    fc.assert(
      fc.property(shipped, ([policy, question]) => {
        const silent = { ...question, hints: { prefetch: false, crawler: false, originMissing: false } };
        const with_ = generosity(decide(question, policy).answer);
        expect(with_).toBeLessThanOrEqual(generosity(decide(silent, policy).answer));
      }),
    );
  });
});
