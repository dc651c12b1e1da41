import type { Identity } from '../../domain/identity.ts';
import { type Month, monthStartSeconds } from '../../domain/month.ts';
import { SIGNALS } from '../../domain/signal.ts';
import type { IdentityRecord } from '../records.ts';
import type { Names } from './names.ts';
import { type Person, readSignalCode } from './person.ts';

/** A person of a month as reports read them. */
export function toIdentityRecord(
  names: Names,
  month: Month,
  identity: Identity,
  person: Omit<Person, 'lastToken'>,
): IdentityRecord {
  const { classNumber, tenantNumber, mask, firstSeen, lastSeen, mints } = person;
  const starts = monthStartSeconds(month);
  const signals = SIGNALS.flatMap((signal, position) => {
    const code = person.signals[position] ?? null;
    if (code === null) return [];
    const { minuteOfMonth, source } = readSignalCode(code);
    return [{ signal, firstAt: starts + minuteOfMonth * 60, source }];
  });
  const className = names.nameOf(classNumber);
  const tenant = tenantNumber === null ? null : names.nameOf(tenantNumber);
  return { identity, className, tenant, firstSeen, lastSeen, mints, mask, signals };
}
