import type { MonthTotals } from '../ledger/ledger.ts';

type MaskRow = MonthTotals['masks'][number];

/** Identities of a month whose class and bits pass a test. */
export function countIf(
  { masks }: Pick<MonthTotals, 'masks'>,
  test: (row: Pick<MaskRow, 'className' | 'mask'>) => boolean,
): number {
  return masks.reduce((sum, row) => sum + (test(row) ? row.identities : 0), 0);
}
