import { describe, expect, test } from '@jest/globals';
import { createCallerReader } from '../../src/auth/claims.ts';
import { readClaim } from '../../src/auth/read-claim.ts';
import { CLASSES, refusedFor } from './token-kit.ts';

describe('a claim is read by its name', () => {
  test.each([
    ['sub', { sub: 'a' }, 'a'],
    ['user.id', { user: { id: 'a' } }, 'a'],
    ['user.id', { 'user.id': 'literal', user: { id: 'nested' } }, 'literal'],
    ['a.b.c', { a: { 'b.c': 'x' } }, 'x'],
    ['https://app.example/tenant', { 'https://app.example/tenant': 't' }, 't'],
    ['https://app.example/claims.tenant.id', { 'https://app.example/claims': { tenant: { id: 't' } } }, 't'],
    ['user.id', { user: 'text' }, undefined],
    ['user.id', { user: null }, undefined],
    ['user.0', { user: ['a'] }, undefined],
    ['user.length', { user: 'text' }, undefined],
    ['constructor', {}, undefined],
    ['__proto__.x', {}, undefined],
    ['user.', { user: { '': 'odd' } }, 'odd'],
    ['.', {}, undefined],
  ])('%s of %j', (name, claims, expected) => {
    expect(readClaim(claims, name)).toBe(expected);
  });
});

const read = createCallerReader({
  issuer: 'https://login.example',
  names: { person: 'sub', class: 'realm.roles', tenant: 'org', display: 'name' },
  classes: CLASSES,
  via: 'bearer',
});

test.each([
  ['agent', 'agent'],
  ['Agent', 'member'],
  ['root', 'member'],
  [undefined, 'member'],
  [{ agent: true }, 'member'],
  [['agent', 'member'], 'agent'],
  [['member', 'agent'], 'agent'],
  [['manager', 'agent'], 'agent'],
  [['agent', 'manager'], 'agent'],
  [['member'], 'member'],
  [[], 'member'],
])('the class claim %j gives %s', (roles, className) => {
  expect(read({ sub: 'ada', realm: { roles } })).toMatchObject({ className });
});

test.each([
  ['acme', 'acme'],
  ['  acme\u3000', 'acme'],
  ['ＡＣＭＥ', 'ACME'],
  [42, '42'],
  [undefined, null],
  [null, null],
  ['', null],
  ['  ', null],
  ['a'.repeat(128), 'a'.repeat(128)],
])('the tenant claim %j gives %j', (org, tenant) => {
  expect(read({ sub: 'ada', org })).toMatchObject({ tenant });
});

test.each([['a\nb'], [['acme']], [true], [1.5], [{}], ['a'.repeat(129)], ['a\udc00']])(
  'the tenant claim %j is refused',
  (org) => {
    expect(read({ sub: 'ada', org })).toEqual(refusedFor('claims'));
  },
);

test.each([
  [' Ada Lovelace ', 'Ada Lovelace'],
  [undefined, null],
  [7, null],
  ['', null],
  ['Ada\u001b[31m', null],
  ['a'.repeat(257), null],
])('the display claim %j gives %j', (name, display) => {
  expect(read({ sub: 'ada', name })).toMatchObject({ display });
});

test('claims without a mapping are not read', () => {
  const plain = createCallerReader({
    issuer: 'i',
    names: { person: 'sub', class: null, tenant: null, display: null },
    classes: CLASSES,
    via: 'session',
  });
  expect(plain({ sub: 'ada', class: 'agent', tenant: 't', display: 'd' })).toEqual({
    issuer: 'i',
    subject: 'ada',
    className: 'member',
    tenant: null,
    display: null,
    via: 'session',
  });
});
