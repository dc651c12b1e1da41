import type { Identity } from '../../domain/identity.ts';
import type { Month } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { Page, PageRequest } from '../page.ts';
import type { MintRecord } from '../records.ts';
import type { Books } from './books.ts';
import { monthNumber } from './month-number.ts';
import { pageRows, parseMintCursor } from './page-cursor.ts';

type MintRow = [
  ordinal: number,
  issuedAt: number,
  lifeSeconds: number,
  identity: Identity,
  subject: Identity | null,
  classNumber: number,
  intentNumber: number,
  ruleNumber: number,
  isNew: number,
];

/** A page of a month's mint log in the order of ordinals. */
export function readMints(
  { statements, names }: Books,
  service: ServiceName,
  month: Month,
  { after, limit }: PageRequest,
): Page<MintRecord> {
  const serviceNumber = names.find(service);
  const ordinalBefore = parseMintCursor(after);
  if (serviceNumber === null) return { items: [], next: null };

  const rows = pageRows(limit);
  const found = statements.all<MintRow>('read-mints', [
    serviceNumber,
    monthNumber(month),
    ordinalBefore,
    rows + 1,
  ]);
  const items = found.slice(0, rows).map((row): MintRecord => {
    const [ordinal, issuedAt, lifeSeconds, identity, subject, classNumber, intentNumber, ruleNumber, isNew] =
      row;
    return {
      ordinal,
      issuedAt,
      expiresAt: issuedAt + lifeSeconds,
      identity,
      subject: subject ?? identity,
      className: names.nameOf(classNumber),
      intent: names.nameOf(intentNumber),
      outcome: isNew === 1 ? 'new' : 'known',
      rule: names.nameOf(ruleNumber),
    };
  });
  return { items, next: found.length > rows ? String(items.at(-1)!.ordinal) : null };
}
