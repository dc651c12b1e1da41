import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ChatGateError, type ChatGateErrorCode } from '../../src/client/index.ts';

const ROOT = join(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/client.md'), 'utf8');
const source = readFileSync(join(ROOT, 'src/client/error.ts'), 'utf8');

describe('docs/client.md', () => {
  it('explains every error where its link points, and no other', () => {
    const [, union = ''] = /ChatGateErrorCode =([^;]*);/.exec(source) ?? [];
    const codes = [...union.matchAll(/'(\w+)'/g)].map(([, code]) => code as ChatGateErrorCode);
    const sections = [...page.matchAll(/^### (\w+)$/gm)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(10);
    expect(sections).toEqual(codes);
    for (const code of codes) {
      expect(new ChatGateError(code).docs).toBe(`mau-guard/docs/client.md#${code}`);
      expect(new ChatGateError(code).message).toContain(code);
    }
  });
});
