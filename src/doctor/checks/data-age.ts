import type { CountingRules } from '../../domain/counting-rules.ts';
import type { PriceTable } from '../../domain/price-table.ts';
import { type Finding, ok, warn } from '../finding.ts';

const DAY_MS = 86_400_000;
const PRICES_DAYS_MAX = 90;
/** Rules change far less often than prices. */
const RULES_DAYS_MAX = 365;

export function judgePrices({ name, readOn, source }: PriceTable, nowMs: number): Finding {
  const age = daysSince(Date.parse(readOn), nowMs);
  const detail = `${name}, read on ${readOn}`;
  if (age <= PRICES_DAYS_MAX) return ok(detail);
  return warn({
    detail: `${detail}, ${age} days ago`,
    why: 'Every dollar here comes from this table; Twilio may have changed its prices since.',
    fix: `Compare it with ${source} and put what is valid now into a price table with a new \`readOn\`: docs/money.md.`,
  });
}

export function judgeRules({ version, statements }: CountingRules, nowMs: number): Finding {
  const newest = statements
    .map(({ readOn }) => readOn)
    .sort()
    .at(-1);
  if (newest === undefined) return ok(`${version}, without statements`);
  const age = daysSince(Date.parse(`${newest}-01`), nowMs);
  const detail = `${version}, read in ${newest}`;
  if (age <= RULES_DAYS_MAX) return ok(detail);
  return warn({
    detail: `${detail}, ${age} days ago`,
    why: 'Who counts as active is Twilio’s to say; its pages may say something else by now.',
    fix: 'Read the sources named in the rules again and add a version of your own: docs/counting.md.',
  });
}

function daysSince(thenMs: number, nowMs: number): number {
  return Math.floor((nowMs - thenMs) / DAY_MS);
}
