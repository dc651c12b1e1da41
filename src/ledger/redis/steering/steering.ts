import { createHash } from 'node:crypto';
import { GatewayError } from '../../../domain/gateway-error.ts';
import { monthOf, monthStartSeconds } from '../../../domain/month.ts';
import type { Page, PageRequest } from '../../page.ts';
import type { AuditEntry, Change, ChangeOutcome, ChangeTerms, StoredAuditEntry } from '../../steering.ts';
import { readLasting } from '../connection/read-lasting.ts';
import { createServiceKeys } from '../keys.ts';
import type { PageSource } from '../pages.ts';
import { planChange } from './change-writes.ts';

interface KeptAnswer {
  fingerprint: string;
  answer: string;
  until: number;
}

/** One change with its audit entry, in one script call. */
export async function makeChange(
  source: PageSource,
  change: Change,
  { audit, expected, idempotency }: ChangeTerms,
): Promise<ChangeOutcome> {
  const keys = createServiceKeys(source.prefix, source.service);
  const month = monthOf(audit.at);
  const plan = await planChange(source, keys, change, audit.at);
  const scriptKeys = [
    keys.limits,
    keys.audit,
    keys.answer(digest(idempotency?.key ?? '')),
    keys.alerts,
    keys.totals(month),
    ...plan.keys,
  ];
  const seconds = Math.floor(audit.at / 1000) - monthStartSeconds(month);
  const { fingerprint = '', answer = '', until = audit.at + 1 } = idempotency ?? {};
  const [code, kept] = await source.writes.change(
    scriptKeys.length,
    ...scriptKeys,
    expected ?? '',
    JSON.stringify(audit),
    fingerprint,
    fingerprint === '' ? '' : JSON.stringify({ fingerprint, answer, until } satisfies KeptAnswer),
    Math.max(1, until - audit.at),
    plan.movesLimits ? `${month} ${seconds}` : '',
    JSON.stringify(plan.writes),
  );
  switch (code) {
    case 'done':
    case 'stale':
    case 'conflict':
      return { outcome: code };
    case 'repeated':
      return { outcome: 'repeated', answer: parseKept(kept).answer };
    default:
      throw new GatewayError('internal', `the ledger answered "${code}"`);
  }
}

/** The answer kept under a key, as lasting as when it was given first; null when there is none or its time is over. */
export async function recallAnswer(
  source: PageSource,
  key: string,
  now: number,
): Promise<{ fingerprint: string; answer: string } | null> {
  const kept = await readLasting(
    source,
    createServiceKeys(source.prefix, source.service).answer(digest(key)),
  );
  if (kept === null) return null;
  const { fingerprint, answer, until } = parseKept(kept);
  return until > now ? { fingerprint, answer } : null;
}

/** Newest first. */
export async function readAudit(
  { client, prefix, service }: PageSource,
  { after, limit }: PageRequest,
): Promise<Page<StoredAuditEntry>> {
  const from = after === null ? '+' : `(${after}-0`;
  const { audit } = createServiceKeys(prefix, service);
  const entries = await client.xrevrange(audit, from, '-', 'COUNT', limit + 1);
  const items = entries.slice(0, limit).map(([id, fields]) => ({
    id: id.slice(0, id.indexOf('-')),
    ...(JSON.parse(fields[1]!) as AuditEntry),
  }));
  return { items, next: entries.length > limit ? items.at(-1)!.id : null };
}

/** Keys come from callers; Redis gets names of one length. */
function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}

function parseKept(text: string | undefined): KeptAnswer {
  return JSON.parse(text ?? '') as KeptAnswer;
}
