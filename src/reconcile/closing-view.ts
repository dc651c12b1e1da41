import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { MonthSummary } from '../reports/month-summary.ts';
import type { ClosedMonth } from './closed-month.ts';

/** A month's closed figures beside those of now, as the operator API gives them. */
export interface ClosingView {
  month: Month;
  service: ServiceName;
  /** Null while the month is open. */
  closed: Omit<ClosedMonth, 'month' | 'service'> | null;
  now: MonthSummary;
  /** Figures that are others now, such as by evidence that came late; none for an open month. */
  changed: FigureChange[];
}

export interface FigureChange {
  /** Path in the summary, such as `identities.total`. */
  figure: string;
  closed: number | null;
  now: number | null;
}

/** Not a figure of the month: of the budget only the limits of that time were ever its own. */
const NOT_COMPARED = ['asOf', 'budget'];

export function viewClosing(closed: ClosedMonth | null, now: MonthSummary): ClosingView {
  const { month, service } = now;
  if (closed === null) return { month, service, closed: null, now, changed: [] };
  const { month: _month, service: _service, ...frozen } = closed;
  return { month, service, closed: frozen, now, changed: compareFigures(closed.summary, now) };
}

function compareFigures(closed: MonthSummary, now: MonthSummary): FigureChange[] {
  const before = figuresOf(closed);
  const after = figuresOf(now);
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((figure) => ({ figure, closed: before.get(figure) ?? null, now: after.get(figure) ?? null }))
    .filter((change) => (change.closed ?? 0) !== (change.now ?? 0));
}

/** Every number of a summary by its path. */
function figuresOf(value: object, path = '', figures = new Map<string, number>()): Map<string, number> {
  for (const [name, part] of Object.entries(value) as [string, unknown][]) {
    if (path === '' && NOT_COMPARED.includes(name)) continue;
    if (typeof part === 'number') figures.set(`${path}${name}`, part);
    else if (typeof part === 'object' && part !== null) figuresOf(part, `${path}${name}.`, figures);
  }
  return figures;
}
