import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PROBLEM_KINDS } from '../../src/http/problem-kinds.ts';
import { decide } from '../../src/policy/decide.ts';
import { allowedIntents, type IntentRule, type Policy } from '../../src/policy/policy.ts';

const SHIPPED: Policy = {
  intents: { open_chat: 'allow', notification: 'needs-reason', page_load: 'deny', refresh: 'known-only' },
};

describe('the shipped intents', () => {
  test('open_chat is for everyone', () => {
    expect(decide({ intent: 'open_chat' }, SHIPPED)).toEqual({
      outcome: 'permitted',
      rule: 'intent-allowed',
      knownOnly: false,
    });
  });

  test('refresh is for people who are in the month already', () => {
    expect(decide({ intent: 'refresh' }, SHIPPED)).toEqual({
      outcome: 'permitted',
      rule: 'intent-known-only',
      knownOnly: true,
    });
  });

  test('page_load is refused, and told what would not be', () => {
    expect(decide({ intent: 'page_load' }, SHIPPED)).toEqual({
      outcome: 'refused',
      code: 'lazy-connect-required',
      detail: expect.stringContaining('page_load'),
      intent: 'page_load',
      allowedIntents: ['open_chat'],
    });
  });

  test('notification is refused while nothing is known that waits for the person', () => {
    expect(decide({ intent: 'notification' }, SHIPPED)).toEqual({
      outcome: 'refused',
      code: 'no-reason-to-connect',
      detail: expect.stringContaining('notification'),
      rule: 'reason-to-connect',
    });
  });

  test.each(['', 'OPEN_CHAT', 'open_chat ', 'toString', 'constructor', '__proto__', 'hasOwnProperty'])(
    'an intent that is not configured, %j, is a fault of the request',
    (intent) => {
      expect(decide({ intent }, SHIPPED)).toEqual({
        outcome: 'refused',
        code: 'invalid-request',
        detail: expect.any(String),
        errors: [{ pointer: '/intent', detail: 'one of: open_chat, notification, page_load, refresh' }],
      });
    },
  );
});

describe('allowedIntents', () => {
  test('names what anyone is served for, and nothing that asks for more', () => {
    expect(allowedIntents(SHIPPED)).toEqual(['open_chat']);
    expect(allowedIntents({ intents: { a: 'allow', b: 'known-only', c: 'allow' } })).toEqual(['a', 'c']);
    expect(allowedIntents({ intents: { b: 'deny' } })).toEqual([]);
  });
});

describe('any policy', () => {
  const rules = fc.constantFrom<IntentRule>('allow', 'deny', 'needs-reason', 'known-only');
  const policies = fc
    .dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), rules, { minKeys: 1, maxKeys: 6 })
    .map((intents): Policy => ({ intents }));

  test('gives one answer, always the same, and permits only what it says', () => {
    fc.assert(
      fc.property(policies, fc.stringMatching(/^[a-z_]{1,12}$/), fc.nat(), (policy, stranger, pick) => {
        const names = Object.keys(policy.intents);
        for (const intent of [names[pick % names.length] as string, stranger]) {
          const rule = Object.hasOwn(policy.intents, intent) ? policy.intents[intent] : undefined;
          const answer = decide({ intent }, policy);
          expect(decide({ intent }, policy)).toEqual(answer);
          expect(answer.outcome).toBe(rule === 'allow' || rule === 'known-only' ? 'permitted' : 'refused');
          if (answer.outcome === 'permitted') expect(answer.knownOnly).toBe(rule === 'known-only');
          else expect(PROBLEM_KINDS).toHaveProperty(answer.code);
        }
      }),
    );
  });
});
