import { amountOf } from '../domain/amount-of.ts';
import type { WasteLine, WasteReport } from '../reports/waste/read-waste.ts';
import { type Html, html } from './html.ts';
import { rawMonthLink } from './raw-link.ts';
import { tableRow } from './table-row.ts';
import { countText, dollarText, rangeText } from './words.ts';

const KIND_WORDS: Record<WasteLine['kind'], string> = {
  'never-connected': 'got a token and were never seen to use it',
  'connected-idle': 'connected, but took part in nothing',
  'guest-once': 'guests of one day',
  'hidden-tab': 'first token asked for by a hidden tab',
  'rest-only': 'only written to by a backend',
  duplicate: 'the same person once more',
};

/** Who costs money and gave no value, and what was saved; for those who may see money. */
export function buildWaste(waste: WasteReport | null): Html | null {
  if (waste === null || waste.identities.total === 0) return null;
  const { kinds, total, savings, table } = waste;
  const refused = Object.values(savings.refusedByLazyConnect).reduce((sum, count) => sum + count, 0);
  return html`<section class="panel" id="waste"><h2 id="waste-title">Cost without value</h2>${rawMonthLink('/waste', waste)}
<p>${amountOf(total.identities, 'identity', 'identities')}, ${costText(total)} less without them.</p>
<div class="scroll" role="group" aria-labelledby="waste-title" tabindex="0">
<table class="counts"><caption>One identity may be of several kinds. Price table “${table}”.</caption><thead><tr><th scope="col">Kind</th><th scope="col">Identities</th><th scope="col">Would save</th></tr></thead>
<tbody>${kinds
    .filter(({ identities }) => identities > 0)
    .map((line) => tableRow(KIND_WORDS[line.kind], [countText(line.identities), costText(line)]))}
</tbody></table></div>
<p class="note">Saved so far: ${amountOf(savings.tokensReused, 'request', 'requests')} got a token again that was out already, ${amountOf(refused, 'was', 'were')} refused because nobody needed to connect, ${amountOf(savings.guestsAdopted, 'guest went on as a member', 'guests went on as members')} without being counted twice${savings.guestsAdopted > 0 && `: ${costText(savings)} saved`}.</p></section>`;
}

function costText({ cost }: Pick<WasteLine, 'cost'>): string {
  return rangeText(dollarText(cost.low), dollarText(cost.high));
}
