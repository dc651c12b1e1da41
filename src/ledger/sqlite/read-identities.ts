import type { Identity } from '../../domain/identity.ts';
import { type Month, monthStartSeconds } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import { SIGNALS } from '../../domain/signal.ts';
import type { Page, PageRequest } from '../page.ts';
import type { IdentityRecord } from '../records.ts';
import type { Books } from './books.ts';
import { monthNumber } from './month-number.ts';
import { pageRows, parsePersonCursor } from './page-cursor.ts';
import { readSignalCode } from './person.ts';

type PersonRow = [
  bucket: number,
  identity: Identity,
  classNumber: number,
  tenantNumber: number | null,
  mask: number,
  firstSeen: number,
  lastSeen: number,
  mints: number,
  ...signals: (number | null)[],
];

/** A page of a month's people in the order of bucket, then identity bytes. */
export function readIdentities(
  books: Books,
  service: ServiceName,
  month: Month,
  { after, limit }: PageRequest,
): Page<IdentityRecord> {
  const serviceNumber = books.names.find(service);
  const [bucket, identity] = parsePersonCursor(after);
  if (serviceNumber === null) return { items: [], next: null };

  const rows = pageRows(limit);
  const key = [serviceNumber, monthNumber(month), bucket, identity, rows + 1];
  const found = books.statements.all<PersonRow>('read-people', key);
  const page = found.slice(0, rows);
  const monthStarts = monthStartSeconds(month);
  const last = found.length > rows ? page.at(-1) : undefined;
  return {
    items: page.map((row) => toRecord(books, monthStarts, row)),
    next: last ? `${last[0]}:${last[1]}` : null,
  };
}

function toRecord({ names }: Books, monthStarts: number, row: PersonRow): IdentityRecord {
  const [, identity, classNumber, tenantNumber, mask, firstSeen, lastSeen, mints, ...codes] = row;
  const signals: IdentityRecord['signals'] = [];
  for (const [position, signal] of SIGNALS.entries()) {
    const code = codes[position] ?? null;
    if (code === null) continue;
    const { minuteOfMonth, source } = readSignalCode(code);
    signals.push({ signal, firstAt: monthStarts + minuteOfMonth * 60, source });
  }
  const className = names.nameOf(classNumber);
  const tenant = tenantNumber === null ? null : names.nameOf(tenantNumber);
  return { identity, className, tenant, firstSeen, lastSeen, mints, mask, signals };
}
