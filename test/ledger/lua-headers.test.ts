import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { includeFaults, includesOf, luaFaults } from '../support/lua-faults.ts';

const FOLDER = join(import.meta.dirname, '../../src/ledger/redis/lua');
const INCLUDES = join(FOLDER, 'includes');

function luaFilesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.lua')) : [];
}

describe('every script', () => {
  it('has a header that agrees with its name and its code', () => {
    const faults = luaFilesIn(FOLDER).flatMap((file) =>
      luaFaults(file, readFileSync(join(FOLDER, file), 'utf8')).map((fault) => `${file}: ${fault}`),
    );
    expect(faults).toEqual([]);
  });

  it('includes files that exist, and every such file is included', () => {
    const wanted = [FOLDER, INCLUDES].flatMap((folder) =>
      luaFilesIn(folder).flatMap((file) => includesOf(readFileSync(join(folder, file), 'utf8'))),
    );
    const present = luaFilesIn(INCLUDES).map((file) => file.replace(/\.lua$/, ''));
    expect([...new Set(wanted)].sort()).toEqual(present.sort());
  });

  it('includes files that know nothing of positions', () => {
    const faults = luaFilesIn(INCLUDES).flatMap((file) =>
      includeFaults(readFileSync(join(INCLUDES, file), 'utf8')).map((fault) => `${file}: ${fault}`),
    );
    expect(faults).toEqual([]);
  });
});

describe('luaFaults', () => {
  const GOOD = `-- Adds to a counter.
-- Guarantee: atomic.
-- KEYS[1] counters  KEYS[2] days
-- ARGV[1] amount, whole numbers
-- ARGV[2...] names
-- Returns: \`added\`
-- include: names
local counters_key, days_key = KEYS[1], KEYS[2]
local amount, names = ARGV[1], { unpack(ARGV, 2) }
-- ---
for i = 1, #names do redis.call('HINCRBY', counters_key, names[i], amount) end
return 'added'
`;

  it('finds nothing in a good script', () => {
    expect(luaFaults('add-2.lua', GOOD)).toEqual([]);
    expect(includesOf(GOOD)).toEqual(['names']);
  });

  it.each([
    ['purpose', '-- Adds to a counter.\n', '', /purpose/],
    ['guarantee', '-- Guarantee: atomic.\n', '', /Guarantee/],
    ['keys', '-- KEYS[1] counters  KEYS[2] days\n', '', /no line `-- KEYS/],
    ['arguments', '-- ARGV[1] amount, whole numbers\n-- ARGV[2...] names\n', '', /no line `-- ARGV/],
    ['returns', '-- Returns: `added`\n', '', /Returns/],
    ['separator', '-- ---\n', '', /no line `-- ---`/],
    ['end of the header block', '-- Guarantee', '\n-- Guarantee', /Guarantee/],
  ])('misses the %s', (_what, from, to, fault) => {
    expect(luaFaults('add-2.lua', GOOD.replace(from, to)).join('\n')).toMatch(fault);
  });

  it('compares the number of keys in name, header and code', () => {
    expect(luaFaults('add.lua', GOOD).join()).toMatch(/file name/);
    expect(luaFaults('add-1.lua', GOOD).join()).toMatch(/promises 1 keys, the header goes to KEYS\[2\]/);
    expect(luaFaults('add-2.lua', GOOD.replace(', KEYS[2]\n', '\n')).join()).toMatch(
      /the code goes to KEYS\[1\]/,
    );
    expect(luaFaults('add-2.lua', GOOD.replace('KEYS[2] days', 'KEYS[2...] days')).join()).toMatch(/repeat/);
  });

  it('wants repetition spelled out where the number of keys varies', () => {
    expect(luaFaults('add-n.lua', GOOD).join()).toMatch(/no `KEYS\[n\.\.\.\]`/);
    expect(luaFaults('add-n.lua', GOOD.replace('KEYS[2] days', 'KEYS[2...] days'))).toEqual([]);
  });

  it('finds a position that the header does not name', () => {
    expect(luaFaults('add-2.lua', GOOD.replace('= ARGV[1],', '= ARGV[3],')).join()).toMatch(
      /ARGV\[3\] is used, but not in the header/,
    );
  });

  it('finds positions after the unpacking', () => {
    const late = GOOD.replace("return 'added'", 'return ARGV[1] .. KEYS[ 2 ]');
    expect(luaFaults('add-2.lua', late)).toEqual([
      expect.stringContaining('ARGV[1] after'),
      expect.stringContaining('KEYS[ 2 ] after'),
    ]);
  });
});

describe('includeFaults', () => {
  it('finds positions and a missing purpose', () => {
    expect(includeFaults('-- Says hello.\nlocal function hello() end\n')).toEqual([]);
    expect(includeFaults('local a = KEYS[1]\n-- include: b\n')).toHaveLength(2);
  });
});
