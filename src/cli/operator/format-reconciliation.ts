import type { ReconciliationAnswer } from '../../contract/reconciliation.ts';
import { type Cell, formatFacts, formatRows } from './format-rows.ts';
import { formatUsd } from './format-usd.ts';
import { printable } from './printable.ts';

/** A month beside Twilio's record: both figures, the gap by cause, and what to do about each. */
export function formatReconciliation(answer: ReconciliationAnswer): string[] {
  const { month, service, ledger, cost, twilio, gap, causes, trigger, people, attempt } = answer;
  const lines = [
    `${service}, ${month}, ${answer.category}`,
    '',
    ...formatFacts([
      ['identities in the ledger', ledger.total],
      ['  minted', ledger.minted],
      ['  connected', ledger.connected],
      ['active users', `${ledger.low} to ${ledger.high} (${ledger.rules})`],
      ['cost', `${formatUsd(cost.low)} to ${formatUsd(cost.high)} USD (${cost.table})`],
      ...twilioFacts(answer),
    ]),
  ];
  if (attempt?.failure) {
    const { says, nextStep } = attempt.failure;
    lines.push('', printable(`the latest try failed at ${attempt.at}: ${says} ${nextStep}`));
  }
  if (twilio !== null && gap !== null) {
    const rows = causes.map(({ cause, identities, certainty }): Cell[] => [cause, identities, certainty]);
    lines.push('', gap === 0 ? 'no gap' : `the gap of ${gap} by cause:`);
    if (rows.length > 0) lines.push('', ...formatRows(['cause', 'identities', 'certainty'], rows));
    for (const { cause, says, nextStep } of causes) {
      lines.push('', printable(`${cause}: ${says}`), printable(`  next: ${nextStep}`));
    }
    const readings = answer.readings.filter(({ isTwilios }) => isTwilios).map(({ rules }) => rules);
    if (readings.length > 0) lines.push('', `Twilio's count is that of the reading: ${readings.join(', ')}`);
  }
  if (people !== null) {
    const { onlyAtTwilio, onlyInLedger, comparedAt, complete } = people;
    const part = complete ? '' : ' (not everybody was looked through)';
    lines.push(
      '',
      `people compared at ${comparedAt}${part}: ${onlyAtTwilio} only at Twilio, ${onlyInLedger} only here`,
    );
  }
  if (trigger !== null) lines.push('', printable(trigger.says));
  return lines;
}

function twilioFacts({ state, twilio, gap }: ReconciliationAnswer): [string, Cell][] {
  if (twilio === null) {
    return [['Twilio', state === 'no-record' ? 'has no record of the month' : 'was not asked yet']];
  }
  return [
    ['Twilio counts', twilio.count],
    ['  for', `${formatUsd(twilio.price)} USD`],
    ['  as of', twilio.asOf],
    ['  pulled at', twilio.pulledAt],
    ['gap', gap],
  ];
}
