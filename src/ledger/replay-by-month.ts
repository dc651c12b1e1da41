import { type Month, monthEndSeconds, monthOf, monthStartSeconds } from '../domain/month.ts';
import type { ReplayedMint } from './replay.ts';

/** What one month has to know of a replayed mint. */
export interface MonthReplay {
  /** `mint`: issued in this month. `presence`: the token of a neighbouring month reaches into it. */
  kind: 'mint' | 'presence';
  mint: ReplayedMint;
  /** When the person was first seen in this month, and when now; within it. Seconds since the epoch. */
  firstSeen: number;
  at: number;
}

/** The same mints by month, each month's in their order: journals are replayed by rising numbers. */
export function replayByMonth(mints: readonly ReplayedMint[]): Map<Month, MonthReplay[]> {
  const months = new Map<Month, MonthReplay[]>();
  const tell = (month: Month, entry: MonthReplay) => {
    const entries = months.get(month);
    if (entries === undefined) months.set(month, [entry]);
    else entries.push(entry);
  };
  for (const mint of mints) {
    const month = monthOf(mint.issuedAt * 1000);
    const firstSeen = Math.min(Math.max(mint.firstSeen, monthStartSeconds(month)), mint.issuedAt);
    tell(month, { kind: 'mint', mint, firstSeen, at: mint.issuedAt });
    if (mint.otherMonth === null) continue;
    // At the edge that the token reaches over.
    const edge =
      mint.otherMonth > month ? monthStartSeconds(mint.otherMonth) : monthEndSeconds(mint.otherMonth) - 1;
    tell(mint.otherMonth, { kind: 'presence', mint, firstSeen: edge, at: edge });
  }
  return months;
}
