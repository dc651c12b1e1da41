import { type Month, monthOf } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { Budget } from '../budget.ts';
import type { Change, ChangeOutcome, ChangeTerms, Idempotency } from '../steering.ts';
import { linkIdentity } from './bonds.ts';
import type { Books } from './books.ts';
import { eraseIdentity } from './erase-identity.ts';
import { readLimits, readVersion } from './limits.ts';
import { monthNumber } from './month-number.ts';
import { weighThresholds } from './thresholds.ts';

/** What a service's configuration says; where an operator has set a budget, it is kept and does not matter. */
export function configureBudget(
  books: Books,
  service: ServiceName,
  month: Month,
  budget: Budget | null,
): void {
  books.write();
  const key = [books.names.numberOf(service), monthNumber(month)] as const;
  const before = readLimits(books.statements, ...key);
  books.statements.run('set-budget', [...key, budget === null ? null : JSON.stringify(budget)]);
  const after = readLimits(books.statements, ...key);
  if (JSON.stringify(after) !== JSON.stringify(before)) books.statements.run('add-limit-version', [key[0]]);
}

/** One change of an operator inside a transaction: all of it or, with any other answer than `done`, nothing. */
export function makeChange(
  books: Books,
  service: ServiceName,
  change: Change,
  { audit, expected, idempotency }: ChangeTerms,
): ChangeOutcome {
  books.write();
  const { statements } = books;
  const number = books.names.numberOf(service);
  const earlier = idempotency && findAnswer(books, number, idempotency.key, audit.at);
  if (earlier) {
    if (earlier.fingerprint !== idempotency.fingerprint) return { outcome: 'conflict' };
    return { outcome: 'repeated', answer: earlier.answer };
  }
  if (expected !== null && expected !== readVersion(statements, number)) return { outcome: 'stale' };

  if (apply(books, number, change) === 'limits') {
    statements.run('add-limit-version', [number]);
    weighThresholds(books, books.month(service, monthOf(audit.at)), Math.floor(audit.at / 1000));
  }
  if (idempotency) keepAnswer(books, number, idempotency, audit.at);
  statements.run('add-audit', [number, JSON.stringify(audit)]);
  return { outcome: 'done' };
}

/** Answers what was changed: limits of newcomers, something about people, the papers of a month, or nothing. */
function apply(books: Books, service: number, change: Change): 'limits' | 'people' | 'papers' | 'nothing' {
  const { statements } = books;
  switch (change.kind) {
    case 'budget': {
      const key = [service, monthNumber(change.month)];
      statements.run('set-operator-budget', [...key, JSON.stringify(change.budget)]);
      return 'limits';
    }
    case 'raise': {
      const { raise } = change;
      statements.run('add-raise', [service, monthNumber(raise.month), raise.id, JSON.stringify(raise)]);
      return 'limits';
    }
    case 'end-raise':
      statements.run('remove-raise', [service, change.id]);
      return 'limits';
    case 'freeze':
      statements.run('set-freeze', [service, monthNumber(change.month), change.since]);
      return 'limits';
    case 'block':
      statements.run(change.blocked ? 'add-block' : 'remove-block', [service, change.identity]);
      return 'people';
    case 'link':
      for (const { own, effective } of change.links) linkIdentity(books, service, own, effective);
      return 'people';
    case 'erase':
      for (const erasure of change.erasures) eraseIdentity(books, service, erasure);
      return 'people';
    case 'document': {
      const { name, text } = change.document;
      statements.run('add-paper', [service, monthNumber(change.month), name, text]);
      return 'papers';
    }
    case 'note':
      return 'nothing';
    default:
      return change satisfies never;
  }
}

/** The answer kept under a key at an instant (ms), null when there is none or its time is over. */
export function findAnswer(
  { statements }: Books,
  service: number,
  key: string,
  now: number,
): { fingerprint: string; answer: string } | null {
  const kept = statements.get<[string, string]>('kept-answer', [service, JSON.stringify(key), now]);
  return kept ? { fingerprint: kept[0], answer: JSON.parse(kept[1]) as string } : null;
}

function keepAnswer(
  { statements }: Books,
  service: number,
  { key, fingerprint, answer, until }: Idempotency,
  now: number,
): void {
  statements.run('forget-answers', [service, now]);
  const texts = [JSON.stringify(key), fingerprint, JSON.stringify(answer)];
  statements.run('keep-answer', [service, ...texts, until]);
}

const FINGERPRINT_KEY = 'identity-fingerprint';

export function checkFingerprint(
  { statements }: Books,
  fingerprint: string,
  replace: boolean,
): 'first' | 'same' | 'different' {
  const known = statements.get<[string]>('read-setting', [FINGERPRINT_KEY])?.[0];
  if (known === fingerprint) return 'same';
  if (known === undefined || replace) statements.run('write-setting', [FINGERPRINT_KEY, fingerprint]);
  return known === undefined ? 'first' : 'different';
}
