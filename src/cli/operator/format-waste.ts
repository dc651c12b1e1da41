import type { WasteAnswer } from '../../contract/figures.ts';
import { amountOf } from '../../domain/amount-of.ts';
import { type Amount, formatAmounts } from './format-amounts.ts';
import { formatFacts } from './format-rows.ts';
import { formatUsd } from './format-usd.ts';
import { printable } from './printable.ts';

const WORDS: Readonly<Record<WasteAnswer['kinds'][number]['kind'], string>> = {
  'never-connected': 'minted, never seen connected',
  'connected-idle': 'connected, no message or membership',
  'guest-once': 'guests seen on one day only',
  'hidden-tab': 'first token from a hidden tab',
  'rest-only': 'only written to by a backend',
  duplicate: 'second identity of one person',
};

/** Waste by kind, then what was saved. */
export function formatWaste({ service, month, kinds, total, savings, ...rest }: WasteAnswer): string[] {
  const row = (name: string, { identities, cost }: WasteAnswer['total']): [string, ...Amount[]] => [
    ...([name, identities, { usd: cost.low }, { usd: cost.high }] as const),
  ];
  const { refusedByLazyConnect: refused } = savings;
  return [
    `${service}, ${month}: ${amountOf(rest.identities.total, 'identity', 'identities')}, ${rest.identities.new.toLocaleString('en-US')} of them new since last month`,
    `prices ${rest.table}, counting rules ${rest.rules}`,
    '',
    ...formatAmounts(
      ['', 'identities', 'USD, low', 'USD, high'],
      [...kinds.map((line) => row(WORDS[line.kind], line)), row('any of them but duplicates', total)],
    ),
    '',
    ...formatFacts([
      ['tokens reused', savings.tokensReused],
      ['refused: lazy-connect-required', refused['lazy-connect-required']],
      ['refused: no-reason-to-connect', refused['no-reason-to-connect']],
      ['guests adopted', savings.guestsAdopted],
      ['saved by these, USD', `${formatUsd(savings.cost.low)} to ${formatUsd(savings.cost.high)}`],
    ]),
    '',
    ...rest.notes.map((note) => printable(`note: ${note}`)),
  ];
}
