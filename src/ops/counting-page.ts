import type { Frame } from './frame.ts';
import { type Html, html } from './html.ts';
import { buildPage } from './page-shell.ts';
import { panel } from './panel.ts';

/** By which reading of Twilio's texts active users are counted. */
export interface CountingRulesText {
  version: string;
  /** Signals of undisputed evidence. */
  low: readonly string[];
  statements: readonly {
    signal: string;
    verdict: 'agreed' | 'disputed';
    says: string;
    source: string;
    /** `YYYY-MM`. */
    readOn: string;
  }[];
}

/** What each number means and by which sentence of Twilio active users are counted. */
export function buildCountingPage(frame: Frame, rules: CountingRulesText): string {
  return buildPage({
    frame,
    title: 'What counts',
    section: 'counting',
    main: html`
<div class="heading"><h1>What counts</h1></div>
${panel(
  { id: 'meaning', title: 'What the numbers mean' },
  html`<dl class="meanings">
<div><dt>Identity</dt><dd>One person as Twilio knows them. Counted once a UTC month, when the first token is minted or when a webhook, beacon or event shows them active. The number is the size of a set, not an estimate.</dd></div>
<div><dt>Minted token</dt><dd>A token that was newly signed and logged. A request that came back early gets the same token again; that is counted as reused and costs nothing.</dd></div>
<div><dt>Connected</dt><dd>Identities that were seen to use their token, by a beacon of the browser or by something they did. Without webhooks and beacons nobody is seen.</dd></div>
<div><dt>Active users</dt><dd>Whom Twilio may bill. Its texts disagree, so this is a range: the low end counts ${listWords(rules.low)}; the high end counts every identity with any signal, also a token that nobody is known to have used.</dd></div>
<div><dt>Budget left</dt><dd>The limit minus all identities of the month. When it blocks, nobody new gets a token at the limit; whoever is counted already is always served.</dd></div>
</dl>`,
)}
${buildRules(rules)}`,
  });
}

function buildRules(rules: CountingRulesText): Html {
  return panel(
    { id: 'rules', title: `Counting rules ${rules.version}, with sources` },
    html`<div class="scroll" role="group" aria-labelledby="rules-title" tabindex="0">
<table><caption>Each signal, whether all sources agree that it counts, and where that stands.</caption>
<thead><tr><th scope="col">Signal</th><th scope="col">Sources</th><th scope="col">What they say</th><th scope="col">Read in</th></tr></thead>
<tbody>${rules.statements.map(
      ({ signal, verdict, says, source, readOn }) => html`
<tr><th scope="row">${signal}</th><td>${verdict === 'agreed' ? 'agree' : 'disagree'}</td><td>${says} ${buildSource(source, signal)}</td><td><time datetime="${readOn}">${readOn}</time></td></tr>`,
    )}
</tbody></table></div>`,
  );
}

/** A title where the address is not known. */
function buildSource(source: string, signal: string): Html {
  return source.startsWith('https://')
    ? html`<a href="${source}" rel="noreferrer">Source<span class="unseen"> for ${signal}</span></a>`
    : html`(${source})`;
}

function listWords(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? 'no signals';
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
