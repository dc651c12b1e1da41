import type { CountingRules } from '../domain/counting-rules.ts';
import { countingRulesSchema } from './counting-rules-schema.ts';
import type { Findings } from './findings.ts';
import { parseDataFile } from './read-data-file.ts';

/** Reads the text of a file of counting rules; null when it is at fault, which is in `findings` then. */
export function buildCountingRules(text: string, path: string, findings: Findings): CountingRules | null {
  const file = parseDataFile(text, path, countingRulesSchema, findings);
  if (file === null) return null;
  const { unit, low, high, statements } = file.data;
  const before = findings.faults.length;
  const fault = (steps: (string | number)[], expected: string, found: string) =>
    findings.fault({ ...file.place(steps), expected, found });

  for (const [key, list] of [
    ['low', low],
    ['high', high],
  ] as const) {
    for (const [index, signal] of list.entries()) {
      if (unit === 'conversations')
        fault([key, index], 'no signals: conversations are billed, not acts', signal);
      else if (list.indexOf(signal) < index) fault([key, index], 'each signal once', `${signal} again`);
      else if (key === 'low' && !high.includes(signal)) {
        fault([key, index], 'a signal that is in high too', `${signal}, which is not`);
      }
    }
  }
  if (unit === 'identities' && high.length === 0) fault(['high'], 'at least one signal', 'an empty list');
  const unexplained = high.filter((signal) => !statements.some((statement) => statement.signal === signal));
  if (unit === 'identities' && unexplained.length > 0) {
    fault(['statements'], 'a statement for each signal of high', `none for ${unexplained.join(', ')}`);
  }
  return findings.faults.length > before ? null : file.data;
}
