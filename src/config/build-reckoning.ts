import type { CountingRules } from '../domain/counting-rules.ts';
import type { PriceTable } from '../domain/price-table.ts';
import type { Reckoning } from '../domain/reckoning.ts';
import { buildCountingRules } from './build-counting-rules.ts';
import { buildPriceTable } from './build-price-table.ts';
import type { ConfigParts } from './config-parts.ts';
import type { EnvironmentInput } from './environment-input.ts';
import type { Findings } from './findings.ts';
import { readNamedData } from './read-named-data.ts';
import { DEFAULT_PRICES, DEFAULT_RULES, readShippedPrices, readShippedRules } from './shipped-reckoning.ts';

type Disk = Pick<EnvironmentInput, 'cwd' | 'readFile'>;

/** By which rules active users are counted, and by which prices they cost. */
export function buildReckoning({ file, findings }: ConfigParts, disk: Disk): Reckoning {
  const { countingRules, prices } = file.data;
  const rulesOffer = file.offer(['countingRules'], countingRules);
  const pricesOffer = file.offer(['prices'], prices);
  const rules = findings.prefer('countingRules', [rulesOffer], DEFAULT_RULES);
  const table = findings.prefer('prices', [pricesOffer], DEFAULT_PRICES);

  const shippedRules = readShippedRules();
  const inForce = chooseRules(rules, shippedRules, file.place(['countingRules']), disk, findings);
  return {
    // A start with faults ends before either is used.
    rules: inForce ?? shippedRules[0]!,
    ruleSets: inForce === null || shippedRules.includes(inForce) ? shippedRules : [inForce, ...shippedRules],
    prices: readPriceTable(table, file.place(['prices']), disk, findings) ?? readShippedPrices()[0]!,
  };
}

/** The price table of a shipped name or a file; null when it is at fault, which is in `findings` then. */
export function readPriceTable(
  named: string,
  at: { where: string; line?: number },
  disk: Disk,
  findings: Findings,
): PriceTable | null {
  const shipped = readShippedPrices();
  const known = shipped.find(({ name }) => name === named);
  if (known !== undefined) return known;
  const read = readNamedData('prices', named, at, disk, findings);
  const table = read && buildPriceTable(read.text, read.path, findings);
  if (table === null || !shipped.some(({ name }) => name === table.name)) return table;
  refuseTaken(`${read?.path}:name`, table.name, findings);
  return null;
}

function chooseRules(
  named: string,
  shipped: readonly CountingRules[],
  at: { where: string; line?: number },
  disk: Disk,
  findings: Findings,
): CountingRules | null {
  const known = shipped.find(({ version }) => version === named);
  if (known !== undefined) return known;
  const read = readNamedData('rules', named, at, disk, findings);
  const rules = read && buildCountingRules(read.text, read.path, findings);
  if (rules === null || !shipped.some(({ version }) => version === rules.version)) return rules;
  refuseTaken(`${read?.path}:version`, rules.version, findings);
  return null;
}

/** Two things of one name would make figures that nobody can explain. */
function refuseTaken(where: string, name: string, findings: Findings): void {
  findings.fault({ where, expected: 'a name of its own', found: `"${name}", which comes with the package` });
}
