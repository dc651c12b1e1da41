import type { KeptTriggers } from './kept-figures.ts';
import type { TriggerFigures } from './ports.ts';

/** Whether a usage trigger of Twilio's stands behind the gateway's own budget. */
export interface TriggerView {
  /** ISO-8601. */
  checkedAt: string;
  exists: boolean;
  triggers: TriggerFigures[];
  /** What that means. The gateway makes no trigger: it writes nothing at Twilio. */
  says: string;
}

/** @param limit of the month's whole budget, or null */
export function viewTriggers(
  { checkedAt, triggers }: KeptTriggers,
  category: string,
  limit: number | null,
): TriggerView {
  return { checkedAt, exists: triggers.length > 0, triggers, says: describe(triggers, category, limit) };
}

function describe(triggers: readonly TriggerFigures[], category: string, limit: number | null): string {
  if (triggers.length === 0) {
    return `No usage trigger watches ${category}. One made in Twilio's console is a second guard: it warns, also when the gateway is bypassed, but stops nobody.`;
  }
  const monthly = triggers.filter(({ recurring }) => recurring === 'monthly');
  if (monthly.length === 0) return 'None of the triggers comes back every month.';
  if (limit === null) return 'A monthly trigger stands; the service has no budget to hold it against.';
  const counts = monthly
    .filter(({ by, value }) => by !== 'price' && !value.startsWith('+'))
    .map(({ value }) => Number(value));
  if (counts.length === 0)
    return 'A monthly trigger stands, not on a count that a budget can be held against.';
  const lowest = Math.min(...counts);
  return lowest <= limit
    ? `A monthly trigger fires at ${lowest}, within the budget of ${limit}.`
    : `The lowest monthly trigger fires at ${lowest}, above the budget of ${limit}: only when the gateway is bypassed.`;
}
