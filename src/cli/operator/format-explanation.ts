import type { ExplanationAnswer } from '../../contract/explanation.ts';
import { type Cell, formatFacts, formatRows } from './format-rows.ts';
import { printable } from './printable.ts';

/** Why a token request would be served or refused: who, every rule in order, every limit with its numbers. */
export function formatExplanation(explanation: ExplanationAnswer): string[] {
  const { outcome, refusal, caller, person, rules, months, shadow, expiresAt, lookUp } = explanation;
  const lines = [
    refusal === null ? `${outcome}, until ${expiresAt}` : printable(`${outcome}: ${refusal.code}`),
    ...(refusal === null ? [] : [printable(refusal.detail)]),
  ];
  const who: [string, Cell][] = [];
  if (caller !== null) who.push(['class', caller.class], ['tenant', caller.tenant]);
  if (person !== null) {
    who.push(['identity', person.own]);
    if (person.effective !== null && person.effective !== person.own)
      who.push(['served as', person.effective]);
    if (person.kind === 'pool') who.push(['kind', 'one of a fixed pool, shared']);
    if (person.blocked) who.push(['blocked', 'by an operator']);
    if (person.adopted) who.push(['adopted', 'belongs to a member now']);
  }
  if (who.length > 0) lines.push('', ...formatFacts(who));
  if (rules.length > 0) {
    const rows = rules.map(({ rule, verdict, shadow: isShadow, facts }): Cell[] => [
      ...[rule, isShadow ? `${verdict} (in shadow)` : verdict, formatNamed(facts)],
    ]);
    lines.push('', ...formatRows(['rule', 'verdict', 'looked at'], rows));
  }
  for (const month of months) lines.push('', ...formatMonth(month));
  if (shadow.length > 0) lines.push('', printable(`in shadow, would have refused: ${shadow.join(', ')}`));
  if (lookUp) lines.push('', 'Twilio would be asked for a reason to connect; an explanation does not ask.');
  return lines;
}

function formatMonth({
  month,
  known,
  reason,
  frozenSince,
  mode,
  checks,
}: ExplanationAnswer['months'][number]) {
  const state = known ? 'counted already, and so served whatever the budget' : 'new to the month';
  const more = [
    ...(known ? [] : [reason ? 'has a reason to connect' : 'no known reason to connect']),
    ...(frozenSince === null ? [] : [`frozen since ${frozenSince}`]),
    ...(mode === null ? [] : [`mode ${mode}`]),
  ];
  const rows = checks.map(({ budget, limit, used, reserved, passes, blocks }): Cell[] => [
    ...[budget, limit, used, reserved],
    passes ? 'has a place' : blocks ? 'full: refuses' : 'full: only counted',
  ]);
  return [
    `${month}: ${[state, ...more].join('; ')}`,
    ...(rows.length === 0 ? [] : formatRows(['budget', 'limit', 'used', 'kept for others', 'verdict'], rows)),
  ];
}

function formatNamed(facts: Readonly<Record<string, unknown>>): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
