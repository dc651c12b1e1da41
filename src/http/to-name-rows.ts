import type { NameRow } from '../contract/identity-lookup.ts';
import { instantOf } from '../domain/instant.ts';
import { signalsOf } from '../domain/signal.ts';
import type { NamedPerson } from '../steering/identity-lookup.ts';

/**
 * People of a list as the API gives them.
 *
 * @param ofMonth whether what they did in a month was asked for
 */
export async function* toNameRows(
  pages: AsyncIterable<NamedPerson[]>,
  ofMonth: boolean,
): AsyncGenerator<NameRow[], void, undefined> {
  for await (const people of pages) yield people.map((person) => toNameRow(person, ofMonth));
}

function toNameRow({ record, className, ...person }: NamedPerson, ofMonth: boolean): NameRow {
  const { subject, issuer, own, identity, line } = person;
  const name = { subject, issuer, own, identity, class: className, line };
  if (!ofMonth) return name;
  return {
    ...name,
    counted: record !== null,
    firstSeen: record && instantOf(record.firstSeen),
    lastSeen: record && instantOf(record.lastSeen),
    mints: record?.mints ?? 0,
    signals: record === null ? [] : signalsOf(record.mask),
  };
}
