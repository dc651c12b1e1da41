import { amountOf } from '../domain/amount-of.ts';
import type { Month } from '../domain/month.ts';
import type { SetupFindings } from '../reconcile/newest-setup.ts';
import type { NewestUsage } from '../reconcile/newest-usage.ts';
import type { HygieneFinding } from '../reports/hygiene.ts';
import { buildFindings } from './findings-panel.ts';
import { type Frame, opsAddress, type Visitor } from './frame.ts';
import type { GatewayState, SigningKeys, StoreMemory } from './gateway-state.ts';
import { type Html, html } from './html.ts';
import { buildPage } from './page-shell.ts';
import { panel } from './panel.ts';
import { rawMonthLink } from './raw-link.ts';
import { ageText, bytesText, countText, momentText, monthText } from './words.ts';

/** How the ledger answered. */
export interface LedgerHealth {
  /** Time of one round trip, ms. */
  answerMs: number;
  /** The store's clock less ours, ms. */
  skewMs: number;
  memory: StoreMemory | null;
  usage: NewestUsage | null;
  findings: readonly HygieneFinding[];
  /** What was wrong with the setup at Twilio when somebody looked last; null: not known. */
  setup: SetupFindings | null;
}

export interface SystemPageModel {
  frame: Frame & { visitor: Visitor };
  month: Month;
  nowMs: number;
  gateway: GatewayState;
  /** Null: it does not answer. */
  health: LedgerHealth | null;
}

/** From this difference on months may begin on different sides of the same request. */
const SKEW_MS_MAX = 5_000;

/** What runs here, how its stores answer, what came last, and what the figures say about the wiring. */
export function buildSystemPage(model: SystemPageModel): string {
  const { frame, health, month } = model;
  const [tone, verdict] = judge(health);
  const of = { month, service: frame.visitor.service };
  return buildPage({
    frame,
    title: 'System',
    section: 'system',
    main: html`
<div class="heading"><h1>System</h1><p class="status"><strong class="verdict ${tone}">${verdict}</strong> <span>This process; others behind the same address may differ</span></p></div>
${health === null && html`<p class="away" role="alert"><strong>The ledger does not answer.</strong> Nothing can be said about figures until it does. <a href="">Try again</a></p>`}
<div class="columns">${buildGateway(model)}${buildNews(model)}</div>
${health !== null && (buildFindings(health, of, null) ?? buildNoFindings(of, health))}
${panel(
  { id: 'doctor', title: 'Everything else' },
  html`<p>Keys, roles, webhooks, clocks and settings at Twilio are looked at by the doctor, on the machine of a gateway. It changes nothing.</p>
<pre tabindex="0" role="group" aria-label="Command of the doctor"><code>mau-guard doctor</code></pre>`,
)}`,
  });
}

function judge(health: LedgerHealth | null): [tone: 'calm' | 'warning' | 'alarm', verdict: string] {
  if (health === null) return ['alarm', 'The ledger is away'];
  if (Math.abs(health.skewMs) > SKEW_MS_MAX) return ['alarm', 'Clocks differ'];
  const length = health.findings.length + (health.setup?.findings.length ?? 0);
  return length > 0 ? ['warning', amountOf(length, 'finding')] : ['calm', 'All well'];
}

function buildGateway({ gateway, health, nowMs, frame }: SystemPageModel): Html {
  const started = new Date(gateway.startedAtMs).toISOString();
  return pairs('Gateway', 'gateway', [
    ['Version', `mau-guard ${gateway.version} on Node.js ${gateway.node}`],
    ['Runs since', `${momentText(started)}, ${ageText((nowMs - gateway.startedAtMs) / 1000)}`],
    ['Services', frame.visitor.services.join(', ')],
    ['Signing key', describeKeys(gateway.keys[frame.visitor.service])],
    ['Ledger', gateway.ledger],
    ['Answers in', health && `${Math.round(health.answerMs)} ms`],
    ['Its clock', health && describeSkew(health.skewMs)],
    ['Its memory', health?.memory ? describeMemory(health.memory) : null],
    [
      'Journal',
      gateway.journalBytes === null ? 'none: JOURNAL_PATH is not set' : bytesText(gateway.journalBytes),
    ],
  ]);
}

/** In month pages and documents nothing of the kind stands: it is of this process and goes with it. */
function buildNews({ gateway: { seen }, health, nowMs, frame }: SystemPageModel): Html {
  const { service } = frame.visitor;
  const since = (atMs: number | null) =>
    atMs === null ? 'none since the start' : `${ageText((nowMs - atMs) / 1000)} ago`;
  const usage = health?.usage ?? null;
  return pairs('Last seen', 'seen', [
    ['Webhook of Twilio', since(seen.webhook)],
    ['Beacon of a browser', since(seen.beacon)],
    [
      'Twilio’s figure',
      health &&
        html`${usage === null ? 'never read' : `${monthText(usage.month)}, read ${ageText(usage.ageSeconds)} ago`}${frame.visitor.operator.role !== 'viewer' && html` <a href="${opsAddress('/reconciliation', { service })}">Compare</a>`}`,
    ],
  ]);
}

/** Their ids, which stand in every token too. How old they are Twilio tells to no key that may sign. */
function describeKeys(keys: SigningKeys | undefined): Html | null {
  if (keys === undefined) return null;
  const { current, previous } = keys;
  return html`<code>${current}</code>${previous !== null && html`; <code>${previous}</code> is being rotated out`}`;
}

function buildNoFindings(of: { month: Month; service: string }, { setup }: LedgerHealth): Html {
  const looked = setup !== null && `, nor in the setup at Twilio, looked at ${ageText(setup.ageSeconds)} ago`;
  return panel(
    { id: 'findings', title: 'The wiring', raw: rawMonthLink('/findings', of) },
    html`<p>Nothing stands out in the figures of ${monthText(of.month)}${looked}.</p>`,
  );
}

function pairs(title: string, id: string, rows: readonly (readonly [string, Html | string | null])[]): Html {
  return panel(
    { id, title },
    html`<table class="pairs"><caption class="unseen">${title}</caption><tbody>${rows
      .filter(([, value]) => value !== null)
      .map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}</tbody></table>`,
  );
}

function describeSkew(skewMs: number): string {
  const size = `${countText(Math.abs(Math.round(skewMs)))} ms`;
  if (Math.round(skewMs) === 0) return 'the same as ours';
  return `${size} ${skewMs > 0 ? 'ahead of' : 'behind'} ours`;
}

function describeMemory({ usedBytes, bytesMax, servers }: StoreMemory): string {
  const limit = bytesMax === null ? '' : ` of ${bytesText(bytesMax)}`;
  return `${bytesText(usedBytes)}${limit}${servers > 1 ? ` on ${servers} servers` : ''}`;
}
