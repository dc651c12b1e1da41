import { type Month, parseMonth } from '../../../domain/month.ts';
import { createServiceKeys } from '../keys.ts';
import type { PageSource } from '../pages.ts';
import type { PulseReply } from '../scripts.ts';
import type { HighWaterMark } from './high-water-marks.ts';

/** The few numbers by which a store that lost data of a service gives itself away, and who answered. */
export interface Pulse {
  /** Null when there is none: the service is not in this store. */
  epoch: string | null;
  /** The one that was ended by a loss of part of the data; null when there was none, as in a store that was emptied. */
  epochBefore: string | null;
  /** Version of blocks, links, merges and erasures. */
  bonds: number;
  /** Counts up with every identity that is served as another one than before. */
  relinked: number;
  /** Version of the limits. */
  limits: number;
  /** The newest months that have anyone. */
  months: Month[];
  /** Of each month that was asked for, in that order. */
  counts: Pick<HighWaterMark, CountKind>[];
  /** Gateway → its line; see `roll.ts`. */
  lines: Record<string, string>;
  server: Server;
}

/** A server, from when it began to take writes until it ends or follows another one. */
export interface Server {
  /** Its replication id, which it draws when it begins. Empty when it does not say. */
  name: string;
  /** Bytes of its stream to replicas so far. */
  written: number;
  /** The one whose data it has taken over; null when there was none. */
  before: { name: string; hasUpTo: number } | null;
}

/** Counts of a month that never fall. */
export const COUNT_KINDS = ['minted', 'all', 'adopted'] as const;
export type CountKind = (typeof COUNT_KINDS)[number];

const MONTHS_MAX = 2;

/** One script call. */
export async function readPulse(
  { client, prefix, service }: PageSource,
  asked: readonly { month: Month }[],
): Promise<Pulse> {
  const { names, limits, months, gateways, totals } = createServiceKeys(prefix, service);
  const keys = [names, limits, months, gateways, ...asked.map(({ month }) => totals(month))];
  const reply = await client.look(keys.length, ...keys, ...COUNT_KINDS);
  const [epoch, epochBefore, bonds, relinked, version, monthTexts, lines, server, ...counts] = reply;
  return {
    epoch,
    epochBefore,
    bonds: Number(bonds ?? 0),
    relinked: Number(relinked ?? 0),
    limits: Number(version ?? 0),
    months: newestOf(monthTexts),
    counts: counts.map(([minted, all, adopted]) => ({
      minted: Number(minted ?? 0),
      all: Number(all ?? 0),
      adopted: Number(adopted ?? 0),
    })),
    lines: Object.fromEntries(lines.flatMap((text, at) => (at % 2 === 0 ? [[text, lines[at + 1]!]] : []))),
    server: readServer(server),
  };
}

function newestOf(texts: readonly string[]): Month[] {
  const months = texts.map((text) => parseMonth(text)).filter((month): month is Month => month !== null);
  return months.sort().slice(-MONTHS_MAX);
}

/** The offset that Redis names is the first one that is no longer shared; negative when nothing is. */
function readServer([name, written, before, firstNotShared]: PulseReply[7]): Server {
  const hasUpTo = Number(firstNotShared) - 1;
  return {
    name,
    written: Number(written),
    before: firstNotShared === '' || hasUpTo < 0 ? null : { name: before, hasUpTo },
  };
}
