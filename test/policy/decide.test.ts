import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/policy/decide.ts';
import { allowedIntents } from '../../src/policy/policy.ts';
import { SHADOW_RULES } from '../../src/policy/rules.ts';
import { policyOf, questionOf } from './question.ts';

const SHIPPED = policyOf();
const PERMITTED = { outcome: 'permitted', knownOnly: false, needsReason: false };

const answerTo = (question: Parameters<typeof questionOf>[0], policy = SHIPPED) =>
  decide(questionOf(question), policy).answer;

/** A refusal for now, by a detail with this word. */
const notNow = (word: string, more = {}) => ({
  outcome: 'refused',
  code: 'lazy-connect-required',
  detail: expect.stringContaining(word),
  intent: 'open_chat',
  allowedIntents: ['open_chat'],
  ...more,
});

describe('the shipped intents', () => {
  test('open_chat is for everyone', () => {
    expect(answerTo({ intent: 'open_chat' })).toEqual({ ...PERMITTED, rule: 'intent-allowed' });
  });

  test('refresh is for people who are in the month already', () => {
    expect(answerTo({ intent: 'refresh' })).toEqual({
      ...PERMITTED,
      rule: 'intent-known-only',
      knownOnly: true,
    });
  });

  test('notification is for people in the month, and newcomers for whom something waits', () => {
    expect(answerTo({ intent: 'notification' })).toEqual({
      ...PERMITTED,
      rule: 'reason-to-connect',
      needsReason: true,
    });
  });

  test('page_load is refused, and told what would not be', () => {
    expect(answerTo({ intent: 'page_load' })).toEqual(notNow('page_load', { intent: 'page_load' }));
  });

  test.each(['', 'OPEN_CHAT', 'open_chat ', 'toString', 'constructor', '__proto__', 'hasOwnProperty'])(
    'an intent that is not configured, %j, is a fault of the request',
    (intent) => {
      expect(answerTo({ intent })).toEqual({
        outcome: 'refused',
        code: 'invalid-request',
        detail: expect.any(String),
        errors: [{ pointer: '/intent', detail: 'one of: open_chat, notification, page_load, refresh' }],
      });
    },
  );
});

describe('what never connects', () => {
  test('a page that is fetched ahead, until it is seen', () => {
    expect(answerTo({ hints: { prefetch: true } })).toEqual(notNow('ahead', { when: 'visible' }));
  });

  test('a crawler, unless it may', () => {
    expect(answerTo({ hints: { crawler: true } })).toEqual(notNow('crawler'));
    expect(answerTo({ hints: { crawler: true } }, policyOf({ crawlers: false })).outcome).toBe('permitted');
  });

  test('a request without an Origin, where one is required, unless it comes from a backend', () => {
    const required = policyOf({ requireOrigin: true });
    const hints = { originMissing: true };
    expect(answerTo({ hints }).outcome).toBe('permitted');
    expect(answerTo({ hints }, required)).toEqual({
      outcome: 'refused',
      code: 'forbidden',
      detail: expect.stringContaining('Origin'),
    });
    expect(answerTo({ hints, via: 'backend' }, required).outcome).toBe('permitted');
    expect(answerTo({}, required).outcome).toBe('permitted');
  });
});

describe('a hidden tab', () => {
  test.each(['open_chat', 'notification', 'refresh'])('asking for %s is no first of the month', (intent) => {
    expect(answerTo({ intent, tabState: 'hidden' })).toEqual({
      ...PERMITTED,
      rule: 'hidden-tab',
      knownOnly: true,
      when: 'visible',
    });
  });

  test('gets no more than a visible one', () => {
    expect(answerTo({ intent: 'page_load', tabState: 'hidden' })).toMatchObject({ outcome: 'refused' });
  });

  test.each([
    [0, 'refused'],
    [899, 'refused'],
    [900, 'permitted'],
  ])('%i s from the turn of a month is %s', (secondsToMonthTurn, outcome) => {
    expect(answerTo({ tabState: 'hidden', secondsToMonthTurn }).outcome).toBe(outcome);
    expect(answerTo({ tabState: 'visible', secondsToMonthTurn }).outcome).toBe('permitted');
    expect(answerTo({ tabState: null, secondsToMonthTurn }).outcome).toBe('permitted');
  });

  test('is told to come back when it is seen', () => {
    expect(answerTo({ tabState: 'hidden', secondsToMonthTurn: 1 })).toEqual(
      notNow('month', { when: 'visible' }),
    );
  });
});

describe('a rule in shadow', () => {
  test('is passed over, and what it would have said is kept', () => {
    const policy = policyOf({ shadow: ['intent-denied', 'hidden-tab'] });
    const { answer, shadow } = decide(questionOf({ intent: 'page_load', tabState: 'hidden' }), policy);
    expect(answer).toEqual({ ...PERMITTED, rule: 'intent-allowed' });
    expect(shadow).toEqual([
      { rule: 'intent-denied', answer: notNow('page_load', { intent: 'page_load' }) },
      { rule: 'hidden-tab', answer: expect.objectContaining({ outcome: 'permitted', knownOnly: true }) },
    ]);
  });

  test('that comes after the answer is not asked', () => {
    const policy = policyOf({ shadow: ['hidden-tab'] });
    expect(decide(questionOf({ intent: 'page_load', tabState: 'hidden' }), policy).shadow).toEqual([]);
  });

  test('can be none of those without which nothing is answered', () => {
    const policy = policyOf({ shadow: ['intent-configured', 'intent-allowed'] });
    expect(decide(questionOf({ intent: 'nothing' }), policy).answer.outcome).toBe('refused');
    expect(decide(questionOf({}), policy)).toMatchObject({ answer: { outcome: 'permitted' }, shadow: [] });
    expect(SHADOW_RULES).not.toContain('intent-allowed');
  });
});

describe('allowedIntents', () => {
  test('names what anyone is served for, and nothing that asks for more', () => {
    expect(allowedIntents(SHIPPED)).toEqual(['open_chat']);
    expect(allowedIntents({ intents: { a: 'allow', b: 'known-only', c: 'allow' } })).toEqual(['a', 'c']);
    expect(allowedIntents({ intents: { b: 'deny' } })).toEqual([]);
  });
});
