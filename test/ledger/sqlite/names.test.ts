import { afterEach, expect, test } from '@jest/globals';
import type Database from 'libsql';
import { Names } from '../../../src/ledger/sqlite/names.ts';
import { openDatabase } from '../../../src/ledger/sqlite/open-database.ts';
import { Statements } from '../../../src/ledger/sqlite/statements.ts';

let database: Database.Database;

afterEach(() => void database.close());

test('names are remembered as far as they fit, and keep their numbers all the same', () => {
  database = openDatabase(':memory:');
  const statements = new Statements(database);
  const asked: string[] = [];
  const get: Statements['get'] = (name, values) => {
    asked.push(name);
    return statements.get(name, values);
  };
  const names = new Names({ get }, 2);
  const tenants = ['acme', 'zen', 'umbrella'];
  const numbers = tenants.map((tenant) => names.numberOf(tenant));
  asked.length = 0;
  expect(names.numberOf('umbrella')).toBe(numbers[2]);
  expect(asked).toEqual([]);
  expect(tenants.map((tenant) => names.numberOf(tenant))).toEqual(numbers);
  expect(numbers.map((number) => names.nameOf(number))).toEqual(tenants);
  expect(asked).toContain('find-name');
  expect(asked).toContain('name-of');
});
