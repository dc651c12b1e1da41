import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keepDemoActivities } from '../../src/demo/keep-demo-activities.ts';
import type { FakeActivity } from '../../src/demo/twilio/model/activity.ts';

let folder: string;
let ledgerPath: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mau-guard-demo-memory-'));
  ledgerPath = join(folder, 'data/demo.db');
  file = join(folder, 'data/demo-twilio.ndjson');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const act = (who: string, changes: Partial<FakeActivity> = {}): FakeActivity => ({
  ...{ serviceSid: 'IS1', who, deed: 'connected', at: Date.UTC(2026, 10, 20) },
  ...changes,
});

describe('the memory of the demo’s Twilio', () => {
  it('is empty at first, and makes no file', () => {
    expect(keepDemoActivities(ledgerPath).earlier).toEqual([]);
    expect(() => statSync(file)).toThrow('ENOENT');
  });

  it('has everybody at the next start, in order, and is for its owner only', () => {
    const memory = keepDemoActivities(ledgerPath);
    const deeds = [act('ada'), act('ada', { deed: 'sent' }), act('grace', { serviceSid: 'IS2' })];
    for (const deed of deeds) memory.keep(deed);
    expect(keepDemoActivities(ledgerPath).earlier).toEqual(deeds);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('keeps a deed once a month, also over a start', () => {
    const again = [
      act('ada'),
      act('ada', { at: Date.UTC(2026, 10, 30) }),
      act('ada', { at: Date.UTC(2026, 11) }),
    ];
    for (let start = 0; start < 2; start++) {
      const memory = keepDemoActivities(ledgerPath);
      for (const deed of again) memory.keep(deed);
    }
    expect(keepDemoActivities(ledgerPath).earlier).toEqual([again[0], again[2]]);
  });

  it('passes over what is no deed, such as a line that was cut off', () => {
    keepDemoActivities(ledgerPath).keep(act('ada'));
    const lines = [
      '{}',
      'null',
      '[1]',
      '{"who":1}',
      JSON.stringify(act('x', { at: 1e300 })),
      '{"serviceSid":"I',
    ];
    appendFileSync(file, lines.join('\n'));
    expect(keepDemoActivities(ledgerPath).earlier).toEqual([act('ada')]);
    // A line that follows one without an end is lost, and nothing else.
    keepDemoActivities(ledgerPath).keep(act('grace'));
    keepDemoActivities(ledgerPath).keep(act('linus'));
    expect(keepDemoActivities(ledgerPath).earlier.map(({ who }) => who)).toEqual(['ada', 'linus']);
    expect(readFileSync(file, 'utf8').endsWith('\n')).toBe(true);
  });
});
