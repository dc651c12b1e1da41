import type { Page, PageRequest } from '../page.ts';
import { pageRows, parseNewestCursor } from './page-cursor.ts';
import type { StatementName, Statements } from './statements.ts';

/** Reads a page of numbered rows, newest first. The id of the last one is where the next page begins. */
export function readNewestFirst<Item extends { id: string }>(
  statements: Statements,
  statement: Extract<StatementName, 'read-alerts' | 'read-audit'>,
  service: number,
  { after, limit }: PageRequest,
  toItem: (number: number, text: string) => Item,
): Page<Item> {
  const rows = pageRows(limit);
  const found = statements.all<[number: number, text: string]>(statement, [
    service,
    parseNewestCursor(after),
    rows + 1,
  ]);
  const items = found.slice(0, rows).map(([number, text]) => toItem(number, text));
  return { items, next: found.length > rows ? (items.at(-1)?.id ?? null) : null };
}

const ID_DIGITS = 15;

/** A row's number as an id that sorts like it. */
export function toId(number: number): string {
  return String(number).padStart(ID_DIGITS, '0');
}
