import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { monthOf } from '../domain/month.ts';
import type { FakeActivity } from './twilio/model/activity.ts';

const FILE = 'demo-twilio.ndjson';
/** End of the year 9999, ms since the epoch. */
const INSTANT_MAX = 253_402_300_799_999;

/** What the fake Twilio of demo mode remembers from start to start. */
export interface KeptActivities {
  /** Of earlier starts, in order. */
  earlier: readonly FakeActivity[];
  /** Writes one down; the same deed of the same user once a month. */
  keep(activity: FakeActivity): void;
}

/**
 * Whom the fake Twilio has seen, kept beside the demo's ledger: Twilio does not forget who was active because a gateway
 * was started anew, and a record of its own is what the ledger can be held against. One JSON object a line, readable by
 * its owner only; lines that are none are passed over.
 */
export function keepDemoActivities(ledgerPath: string): KeptActivities {
  const folder = dirname(ledgerPath);
  const path = join(folder, FILE);
  const earlier = readIfThere(path).split('\n').flatMap(parseLine);
  const known = new Set(earlier.map(keyOf));
  return {
    earlier,
    keep(activity) {
      const key = keyOf(activity);
      if (known.has(key)) return;
      known.add(key);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      appendFileSync(path, `${JSON.stringify(activity)}\n`, { mode: 0o600 });
    },
  };
}

function keyOf({ serviceSid, who, deed, at }: FakeActivity): string {
  return JSON.stringify([monthOf(at), serviceSid, who, deed]);
}

function parseLine(line: string): FakeActivity[] {
  try {
    const { serviceSid, who, deed, at } = JSON.parse(line) as FakeActivity;
    const isWhole = [serviceSid, who, deed].every((each) => typeof each === 'string') && at <= INSTANT_MAX;
    return isWhole && at >= 0 ? [{ serviceSid, who, deed, at }] : [];
  } catch {
    // Such as the end of a line that a crash has cut off.
    return [];
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
