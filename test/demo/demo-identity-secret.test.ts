import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { keepDemoIdentitySecret } from '../../src/demo/demo-identity-secret.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mau-guard-demo-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the identity secret of the demo', () => {
  test('is made once, beside the ledger, and kept', () => {
    const ledgerPath = join(folder, 'data', 'demo.db');
    const secret = keepDemoIdentitySecret(ledgerPath);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(keepDemoIdentitySecret(ledgerPath)).toBe(secret);
    expect(keepDemoIdentitySecret(join(folder, 'data', 'another.db'))).toBe(secret);
    expect(keepDemoIdentitySecret(join(folder, 'elsewhere', 'demo.db'))).not.toBe(secret);
  });

  test('is for its owner only, and the ledger is not touched', () => {
    const ledgerPath = join(folder, 'data', 'demo.db');
    const secret = keepDemoIdentitySecret(ledgerPath);
    const file = join(folder, 'data', 'demo-identity-secret');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toBe(`${secret}\n`);
    expect(existsSync(ledgerPath)).toBe(false);
  });

  test('that was emptied by accident is no secret', () => {
    writeFileSync(join(folder, 'demo-identity-secret'), '\n');
    expect(Buffer.byteLength(keepDemoIdentitySecret(join(folder, 'demo.db')))).toBeGreaterThanOrEqual(32);
  });
});
