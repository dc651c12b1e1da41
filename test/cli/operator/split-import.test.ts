import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splitImport } from '../../../src/cli/operator/split-import.ts';

const ROOMY = { rowsMax: 1_000, bytesMax: 1_000_000 };

describe('splitImport', () => {
  test('gives each part of a CSV the header and says where it stood', () => {
    const text = 'subject,identity\na,1\nb,2\nc,3\n';
    expect(splitImport(text, 'csv', { ...ROOMY, rowsMax: 2 })).toEqual([
      { text: 'subject,identity\na,1\nb,2\n', rows: 2, linesBefore: 0 },
      { text: 'subject,identity\nc,3\n', rows: 1, linesBefore: 2 },
    ]);
  });

  test('never cuts inside quotes, and counts the lines in them', () => {
    const text = 'subject,identity\r\n"a\r\n""x""",1\r\nb,2\r\n';
    expect(splitImport(text, 'csv', { ...ROOMY, rowsMax: 1 })).toEqual([
      { text: 'subject,identity\r\n"a\r\n""x""",1\r\n', rows: 1, linesBefore: 0 },
      { text: 'subject,identity\r\nb,2\r\n', rows: 1, linesBefore: 2 },
    ]);
  });

  test('NDJSON has no header', () => {
    expect(splitImport('{"a":1}\n\n{"b":2}', 'ndjson', { ...ROOMY, rowsMax: 1 })).toEqual([
      { text: '{"a":1}\n', rows: 1, linesBefore: 0 },
      { text: '\n{"b":2}', rows: 1, linesBefore: 1 },
    ]);
  });

  test('keeps to the size in bytes, but for a row that is larger by itself', () => {
    const parts = splitImport('s,i\nää,1\nb,2\n', 'csv', { rowsMax: 10, bytesMax: 11 });
    expect(parts.map(({ text }) => text)).toEqual(['s,i\nää,1\n', 's,i\nb,2\n']);
    expect(splitImport('s,i\nlarge,1\n', 'csv', { rowsMax: 10, bytesMax: 2 })).toHaveLength(1);
  });

  test('an empty file is one part, for the gateway to refuse', () => {
    expect(splitImport('', 'csv', ROOMY)).toEqual([{ text: '', rows: 0, linesBefore: 0 }]);
  });

  test('loses and repeats nothing', () => {
    const cell = fc.stringMatching(/^[a-z]{0,3}$/);
    const quoted = cell.map((text) => `"${text}\n""${text}"`);
    const row = fc
      .tuple(fc.oneof(cell, quoted), cell, fc.constantFrom('\n', '\r\n', '\r'))
      .map((r) => `${r[0]},${r[1]}${r[2]}`);
    fc.assert(
      fc.property(fc.array(row), fc.integer({ min: 1, max: 4 }), (rows, rowsMax) => {
        const parts = splitImport(`h,i\n${rows.join('')}`, 'csv', { rowsMax, bytesMax: 60 });
        expect(parts.map(({ text }) => text.replace(/^h,i\n/, '')).join('')).toBe(rows.join(''));
        expect(parts.reduce((sum, part) => sum + part.rows, 0)).toBe(rows.length);
      }),
    );
  });
});
