import type { CountingRules } from '../domain/counting-rules.ts';
import type { PriceTable } from '../domain/price-table.ts';
import { buildCountingRules } from './build-counting-rules.ts';
import { buildPriceTable } from './build-price-table.ts';
import { createFindings, type Findings } from './findings.ts';
import { formatFaults } from './format-config.ts';
import { type DataKind, listShipped, readShipped } from './shipped-data.ts';

/** What holds unless the configuration says otherwise. */
export const DEFAULT_RULES = 'twilio-2026-11';
export const DEFAULT_PRICES = 'flat';

/** All counting rules that come with the package. */
export function readShippedRules(): CountingRules[] {
  return readAll('rules', buildCountingRules);
}

/** All price tables that come with the package. */
export function readShippedPrices(): PriceTable[] {
  return readAll('prices', buildPriceTable);
}

/** A shipped file that is at fault is a defect of ours. */
function readAll<Data>(
  kind: DataKind,
  build: (text: string, path: string, findings: Findings) => Data | null,
): Data[] {
  const findings = createFindings();
  const data = listShipped(kind).map((name) => {
    const { path, text } = readShipped(kind, name);
    return build(text, path, findings);
  });
  if (findings.faults.length > 0) throw new Error(formatFaults(findings.faults));
  return data.filter((one) => one !== null);
}
