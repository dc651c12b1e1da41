import { type Month, monthOf } from '../domain/month.ts';
import { type ConversationMark, countUpTo, type MemberMark } from './conversations.ts';
import type { Evidence } from './ledger.ts';

/**
 * How far a member has read a conversation, as events about them told it (messages of their own say nothing here). An
 * event carries the index whatever it is about, so an update of the member's own proves `read` only when the index has
 * moved: when it was told neither in an earlier month nor, at an earlier instant, by somebody else.
 *
 * The member's own updates of one month do not speak against each other: the first of them has proved it already, so that
 * their order changes nothing. Nor does the order of what others tell, as long as it is known before the update that it
 * speaks against: an update that was counted stays counted. So one that comes before something told in an earlier month,
 * or by somebody else, may count although nothing has moved. Late updates of an earlier month count only above all that
 * is known of months before the newest one; below that, the month may know a later minute of `read` or none. And of what
 * others told in a month only the two highest counts are known, and when the first of all was told: between that and the
 * highest one, a late update counts only above the lower count.
 *
 * What is known only grows, so whatever did not count does not count when it is told again. Counts: index and one; 0 none.
 */
export interface ReadHorizon {
  /** The month in which the index was last told higher than before. */
  month: Month;
  /** The highest of that month and before. */
  highest: number;
  /** The highest of earlier months. */
  before: number;
  /** The highest that others told in the month, and when first, ms since the epoch; both 0 when they told none. */
  byOther: number;
  byOtherAt: number;
  /** The highest below that which they told in the month, and when they first told anything; both 0 when they told no other. */
  belowOther: number;
  othersFrom: number;
}

/** What a mark tells; null when it says nothing of an index. */
export function horizonOf({ lastRead, at, byOther }: MemberMark): ReadHorizon | null {
  if (lastRead === null) return null;
  const count = countUpTo(lastRead);
  const known = { month: monthOf(Math.max(0, at)), highest: count, before: 0, belowOther: 0, othersFrom: 0 };
  return byOther
    ? { ...known, byOther: count, byOtherAt: Math.max(0, at) }
    : { ...known, byOther: 0, byOtherAt: 0 };
}

/** All that both know. */
export function joinHorizons(one: ReadHorizon | null, other: ReadHorizon | null): ReadHorizon | null {
  if (one === null || other === null) return one ?? other;
  if (one.month > other.month) return joinHorizons(other, one);
  const before = Math.max(one.before, other.before);
  if (one.month < other.month) {
    if (other.highest <= one.highest) return { ...one, before };
    return { ...other, before: Math.max(before, one.highest) };
  }
  return {
    month: one.month,
    highest: Math.max(one.highest, other.highest),
    before,
    ...joinOthers(one, other),
  };
}

function joinOthers(one: ReadHorizon, other: ReadHorizon) {
  const counts = [one.byOther, one.belowOther, other.byOther, other.belowOther];
  const byOther = Math.max(...counts);
  const belowOther = Math.max(...counts.filter((count) => count < byOther), 0);
  const instants = [one, other]
    .filter((known) => known.byOther === byOther)
    .map(({ byOtherAt }) => byOtherAt);
  const othersFrom = belowOther === 0 ? 0 : Math.min(firstByOthers(one), firstByOthers(other));
  return { byOther, byOtherAt: Math.min(...instants), belowOther, othersFrom };
}

function firstByOthers({ byOther, byOtherAt, belowOther, othersFrom }: ReadHorizon): number {
  if (byOther === 0) return Number.POSITIVE_INFINITY;
  return belowOther === 0 ? byOtherAt : othersFrom;
}

/** Whether an update of the member's own proves `read`, by what is known. */
export function isMove(horizon: ReadHorizon | null, index: number, at: number): boolean {
  if (horizon === null) return true;
  const count = countUpTo(index);
  const month = monthOf(at);
  if (month > horizon.month) return count > horizon.highest;
  if (month < horizon.month) return count > horizon.before;
  if (count <= horizon.before) return false;
  if (at > horizon.byOtherAt) return count > horizon.byOther;
  return count > horizon.belowOther || at <= horizon.othersFrom;
}

/** Evidence without the reads against which marks speak that come with it: each is asked alone, so nothing is too late. */
export function withoutStale(
  evidence: readonly Evidence[],
  marks: readonly ConversationMark[],
): readonly Evidence[] {
  if (!evidence.some(({ upTo }) => upTo !== undefined)) return evidence;
  const told = new Map<string, MemberMark[]>();
  for (const mark of marks) {
    if (mark.kind !== 'member' || mark.lastRead === null) continue;
    const key = mark.conversation + mark.identity;
    const known = told.get(key);
    if (known === undefined) told.set(key, [mark]);
    else known.push(mark);
  }
  return evidence.filter(({ identity, at, upTo }) => {
    if (upTo === undefined) return true;
    const about = told.get(upTo.conversation + identity) ?? [];
    return about.every((mark) => isMove(horizonOf(mark), upTo.index, at));
  });
}
