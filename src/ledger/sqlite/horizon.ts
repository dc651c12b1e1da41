import type { Identity } from '../../domain/identity.ts';
import { joinHorizons, type ReadHorizon } from '../read-horizon.ts';
import { monthNumber, monthOfNumber } from './month-number.ts';
import type { Statements } from './statements.ts';

type MembershipKey = readonly [service: number, identity: Identity, conversation: string];

/** How far a member is known to have read a conversation; null when no event told. */
export function readHorizon(statements: Statements, key: MembershipKey): ReadHorizon | null {
  const row = statements.get<[number, number, number, number, number, number, number]>('horizon-of', key);
  if (row === undefined) return null;
  const [month, highest, before, byOther, byOtherAt, belowOther, othersFrom] = row;
  return { month: monthOfNumber(month), highest, before, byOther, byOtherAt, belowOther, othersFrom };
}

/** Adds what a mark told, to a membership that there is. */
export function raiseHorizon(statements: Statements, key: MembershipKey, told: ReadHorizon | null): void {
  if (told === null) return;
  const { month, highest, before, byOther, byOtherAt, belowOther, othersFrom } =
    joinHorizons(readHorizon(statements, key), told) ?? told;
  const byOthers = [byOther, byOtherAt, belowOther, othersFrom];
  statements.run('raise-horizon', [...key, monthNumber(month), highest, before, ...byOthers]);
}
