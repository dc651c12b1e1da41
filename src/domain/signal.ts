/**
 * What an identity was seen to do in a month. The position in this list is the bit in the ledger's mask:
 * append only. Sources and their disagreements: https://www.twilio.com/docs/conversations/identity
 */
export const SIGNALS = [
  'minted',
  'connected',
  'messaged',
  'joined',
  'read',
  'left',
  'created',
  'updated',
  'addressed',
] as const;

export type Signal = (typeof SIGNALS)[number];

/** Bits that describe an identity without being evidence of activity; they follow the signals in the mask. */
export const MARKS = ['again', 'hidden', 'returning'] as const;

/** `again`: seen on a second day. `hidden`: first mint came from a hidden tab. `returning`: in last month too. */
export type Mark = (typeof MARKS)[number];

/** The mask bit of a signal or mark, a power of two below 2^12. */
export function bitOf(name: Signal | Mark): number {
  const signal = SIGNALS.indexOf(name as Signal);
  return 1 << (signal >= 0 ? signal : SIGNALS.length + MARKS.indexOf(name as Mark));
}

/** The signals set in a mask, in the order of {@link SIGNALS}; marks are left out. */
export function signalsOf(mask: number): Signal[] {
  return SIGNALS.filter((_, position) => (mask & (1 << position)) !== 0);
}

/** Who told us of a signal. The position is the code in the ledger: append only. */
export const EVIDENCE_SOURCES = [
  'gateway',
  'previous-month',
  'webhook',
  'event-stream',
  'beacon',
  'backfill',
  'import',
] as const;

/** `previous-month`: admitted because a token minted in the neighbouring month is valid in this one too. */
export type EvidenceSource = (typeof EVIDENCE_SOURCES)[number];

/** Evidence of something older is not believed, days: it would open months anew that were cleared away long ago. */
export const EVIDENCE_DAYS_MAX = 400;
