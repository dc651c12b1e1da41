import { parseMonth } from '../domain/month.ts';
import { parseServiceName } from '../domain/service-name.ts';
import type { ArchiveEntry } from './archive-entry.ts';

const TEXTS = ['archive', 'service', 'month', 'rulesVersion', 'asOf'] as const;
const DIGESTS = ['mintSha256', 'identitySha256', 'figureSha256'] as const;
const COUNTS = ['number', 'mintRows', 'firstOrdinal', 'lastOrdinal', 'identityRows', 'figureRows'] as const;
const MAYBE_TEXTS = ['previous', 'kid', 'signature'] as const;

/** An entry as it stands in its file; null when it is none. Members that this version does not know stay, since they are signed. */
export function parseEntry(text: string): ArchiveEntry | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const entry = value as Record<string, unknown>;
  const isWhole =
    TEXTS.every((name) => typeof entry[name] === 'string') &&
    DIGESTS.every((name) => /^[0-9a-f]{64}$/.test(String(entry[name]))) &&
    COUNTS.every((name) => Number.isSafeInteger(entry[name]) && Number(entry[name]) >= 0) &&
    MAYBE_TEXTS.every((name) => entry[name] === null || typeof entry[name] === 'string') &&
    entry['archive'] === 'mau-guard 1' &&
    parseMonth(String(entry['month'])) !== null &&
    parseServiceName(String(entry['service'])) !== null;
  return isWhole ? (entry as unknown as ArchiveEntry) : null;
}
