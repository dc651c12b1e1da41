import { describe, expect, test } from '@jest/globals';
import { createClassChooser } from '../../src/auth/choose-class.ts';
import type { ClassRule } from '../../src/auth/options.ts';

/** The class of claims when `special` has these rules and everybody else is a member. */
function isSpecial(rules: ClassRule[], claims: Record<string, unknown>): boolean {
  const choose = createClassChooser([{ name: 'member' }, { name: 'special', when: rules }]);
  return choose(claims, null) === 'special';
}

describe('a rule', () => {
  test.each<[string, ClassRule, unknown[], unknown[]]>([
    [
      'equals',
      { claim: 'x', equals: 'agent' },
      ['agent'],
      ['Agent', 'agents', ['agent'], { agent: true }, true, null, undefined],
    ],
    ['equals a number', { claim: 'x', equals: 1 }, [1], ['1', true, 1.5, [1]]],
    ['equals true', { claim: 'x', equals: true }, [true], ['true', 1, {}]],
    ['in', { claim: 'x', in: ['a', 2, false] }, ['a', 2, false], ['A', '2', 0, null, undefined, ['a']]],
    [
      'contains',
      { claim: 'x', contains: 'admin' },
      [['admin'], ['x', 'admin'], 'admin', 'read admin write'],
      ['administrator', 'read,admin', ['Admin'], { admin: true }, [['admin']], undefined, 7],
    ],
    ['contains a number', { claim: 'x', contains: 7 }, [[1, 7]], ['7', 7, ['7']]],
    ['exists', { claim: 'x', exists: true }, ['', 0, false, {}, []], [null, undefined]],
    [
      'endsWith',
      { claim: 'x', endsWith: '@Example.com' },
      ['ada@example.com', 'ADA@EXAMPLE.COM'],
      ['ada@example.com.evil.test', 'ada@notexample.com', 'example.com', ['ada@example.com'], undefined],
    ],
  ])('%s', (_name, rule, fitting, others) => {
    for (const x of fitting) expect({ x, special: isSpecial([rule], { x }) }).toEqual({ x, special: true });
    for (const x of others) expect({ x, special: isSpecial([rule], { x }) }).toEqual({ x, special: false });
  });

  test('reads a nested claim, and nothing that is inherited', () => {
    expect(isSpecial([{ claim: 'realm.role', equals: 'a' }], { realm: { role: 'a' } })).toBe(true);
    for (const claim of ['constructor', '__proto__', 'realm.toString']) {
      expect(isSpecial([{ claim, exists: true }], { realm: {} })).toBe(false);
    }
  });
});

describe('the class', () => {
  const choose = createClassChooser([
    { name: 'staff', when: [{ claim: 'staff', equals: true }] },
    {
      name: 'partner',
      when: [
        { claim: 'email', endsWith: '@partner.example' },
        { claim: 'email_verified', equals: true },
      ],
    },
    { name: 'member', when: null },
    { name: 'agent' },
  ]);
  const PARTNER = { email: 'a@partner.example', email_verified: true };

  test('is the first whose rules all hold', () => {
    expect(choose(PARTNER, null)).toBe('partner');
    expect(choose({ ...PARTNER, staff: true }, null)).toBe('staff');
    expect(choose({ ...PARTNER, email_verified: false }, null)).toBe('member');
  });

  test('goes by rules before it goes by the class claim', () => {
    expect(choose({ ...PARTNER, role: 'agent' }, 'role')).toBe('partner');
    expect(choose({ role: 'agent' }, 'role')).toBe('agent');
  });

  test('with rules cannot be claimed without them', () => {
    expect(choose({ role: 'staff' }, 'role')).toBe('member');
    expect(choose({ role: ['staff', 'agent'] }, 'role')).toBe('agent');
  });

  test('is the first without rules when nothing else fits', () => {
    expect(choose({}, null)).toBe('member');
    expect(choose({ role: 'root' }, 'role')).toBe('member');
  });
});
