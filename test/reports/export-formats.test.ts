import { describe, expect, it } from '@jest/globals';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import {
  type ExportFormat,
  type ExportTable,
  encodeCsvLine,
  exportText,
} from '../../src/reports/export-formats.ts';

const TABLE: ExportTable<{ name: string; count: number }> = {
  columns: ['name', 'count'],
  cells: ({ name, count }) => [name, count],
  row: (item) => item,
};

async function textOf(format: ExportFormat, pages: { name: string; count: number }[][]): Promise<string> {
  async function* source() {
    yield* pages;
  }
  let text = '';
  for await (const piece of exportText(TABLE, format, source())) text += piece;
  return text;
}

describe('a CSV export', () => {
  it('has a header row and CRLF', async () => {
    const pages = [[{ name: 'm_a', count: 1 }], [], [{ name: 'm_b', count: 2 }]];
    expect(await textOf('csv', pages)).toBe('name,count\r\nm_a,1\r\nm_b,2\r\n');
  });

  it('has the header row also without rows', async () => {
    expect(await textOf('csv', [[]])).toBe('name,count\r\n');
    expect(await textOf('csv', [])).toBe('name,count\r\n');
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\r=1"`],
    ['=1,2', `"'=1,2"`],
    ['a"b', '"a""b"'],
    ['a\nb', '"a\nb"'],
    ['a=1', 'a=1'],
    ['', ''],
  ])('writes the cell %j as %j', async (name, cell) => {
    expect(encodeCsvLine([name, 'x'])).toBe(`${cell},x\r\n`);
    expect(encodeCsvLine(['x', name])).toBe(`x,${cell}\r\n`);
  });

  it('is to the byte what the library makes, on the fast way too', () => {
    const plain = fc.string({ unit: fc.constantFrom(...'aZ09_.~|:-,="\'+@ \t\r\n') });
    const cell = fc.oneof(fc.string(), plain, fc.nat());
    fc.assert(
      fc.property(fc.array(cell, { minLength: 2, maxLength: 9 }), (cells) => {
        const expected = stringify([cells], {
          escape_formulas: true,
          record_delimiter: 'windows',
          quoted_match: /[\r\n]/,
        });
        expect(encodeCsvLine(cells)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('an NDJSON export', () => {
  it('has one object a line and nothing else', async () => {
    const pages = [
      [
        { name: '=1', count: 1 },
        { name: 'b', count: 2 },
      ],
    ];
    expect(await textOf('ndjson', pages)).toBe('{"name":"=1","count":1}\n{"name":"b","count":2}\n');
    expect(await textOf('ndjson', [[]])).toBe('');
  });
});

describe('an export of any format', () => {
  it.each(['csv', 'ndjson'] as const)('as %s comes in pieces of bounded size', async (format) => {
    async function* pages() {
      yield Array.from({ length: 10_000 }, (_, count) => ({ name: 'x'.repeat(30), count }));
    }
    const pieces: string[] = [];
    for await (const piece of exportText(TABLE, format, pages())) pieces.push(piece);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(65_536 + 100);
    expect(pieces.join('').match(/x{30}/g)).toHaveLength(10_000);
  });

  it.each(['csv', 'ndjson'] as const)(
    'as %s gives nothing before the first page was read',
    async (format) => {
      // biome-ignore lint/correctness/useYield: a source that fails at once
      async function* failing(): AsyncGenerator<never[]> {
        throw new Error('the ledger is away');
      }
      await expect(exportText(TABLE, format, failing()).next()).rejects.toThrow('the ledger is away');
    },
  );
});
