import type { NameRow } from '../../contract/identity-lookup.ts';
import { encodeCsvLine } from '../../reports/export-formats.ts';
import { nameTable } from '../../reports/name-rows.ts';
import type { ListedUser } from './parse-user-list.ts';

/** A user's identity, and what else the list says of them. */
export interface JoinedUser {
  user: ListedUser;
  row: NameRow;
}

/** How named users are written; a further column that is called like one of ours has `list.` before its name. */
export interface NameFormat {
  head: string;
  line(joined: JoinedUser): string;
}

/** @param columns further ones of the list */
export function csvNames(columns: readonly string[], ofMonth: boolean): NameFormat {
  const table = nameTable({ ofMonth });
  const ours = table.columns.map((name, at) => ({ name, at })).filter(({ name }) => name !== 'line');
  return {
    head: encodeCsvLine([...ours.map(({ name }) => name), ...columns.map(furtherName)]),
    line({ user, row }) {
      const cells = table.cells(row);
      const named = ours.map(({ at }) => cells[at] ?? '');
      return encodeCsvLine([...named, ...columns.map((name) => String(user.further[name] ?? ''))]);
    },
  };
}

export const ndjsonNames: NameFormat = {
  head: '',
  line: (joined) => `${JSON.stringify(joinNames(joined))}\n`,
};

/** Identity and list as one object. */
export function joinNames({ user, row }: JoinedUser): object {
  const { line: _line, ...named } = row;
  const further = Object.entries(user.further).map(([name, value]) => [furtherName(name), value]);
  return { ...named, ...Object.fromEntries(further) };
}

const OURS = new Set(nameTable({ ofMonth: true }).columns);

function furtherName(name: string): string {
  return OURS.has(name) ? `list.${name}` : name;
}
