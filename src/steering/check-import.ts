import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Identity } from '../domain/identity.ts';
import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { BondLedger } from '../ledger/bonds.ts';
import type { ImportPair } from './import-person.ts';
import type { ImportFault } from './import-rows.ts';

/** What the ledger says about the pairs of an import. */
export interface ImportCheck {
  /** To be written. */
  links: { own: Identity; effective: Identity }[];
  /** Pairs that are so already, or need no link because both identities are the same. */
  unchanged: number;
  /** Pairs that contradict what is in the ledger. */
  faults: ImportFault[];
}

/** The most that the ledger is asked for, or told, in one call. */
export const LINKS_A_CALL = 1_000;
/** Identities looked at together; each is one short call. */
const LOOKS_AT_ONCE = 16;

/** Holds pairs against the ledger; changes nothing. */
export async function checkImport(
  ledger: Pick<BondLedger, 'linksOf' | 'identityFile'>,
  service: ServiceName,
  month: Month,
  pairs: readonly ImportPair[],
): Promise<ImportCheck> {
  const check: ImportCheck = { links: [], unchanged: 0, faults: [] };
  for (let from = 0; from < pairs.length; from += LINKS_A_CALL) {
    const chunk = pairs.slice(from, from + LINKS_A_CALL);
    const linked = await ledger.linksOf(
      service,
      chunk.map(({ own }) => own),
    );
    const open = chunk.filter((pair, at) => {
      const now = linked[at] ?? null;
      if (now === null && pair.own !== pair.effective) return true;
      if (now === null || now === pair.effective) check.unchanged += 1;
      else {
        const detail = 'The person is served as another identity already, by an earlier import or link.';
        check.faults.push({ line: pair.line, column: 'subject', detail });
      }
      return false;
    });
    await checkOpen(ledger, service, month, open, check);
  }
  return check;
}

async function checkOpen(
  ledger: Pick<BondLedger, 'identityFile'>,
  service: ServiceName,
  month: Month,
  open: readonly ImportPair[],
  check: ImportCheck,
): Promise<void> {
  for (let from = 0; from < open.length; from += LOOKS_AT_ONCE) {
    const group = open.slice(from, from + LOOKS_AT_ONCE);
    const faults = await Promise.all(group.map((pair) => findLedgerFaults(ledger, service, month, pair)));
    group.forEach(({ own, effective }, at) => {
      const found = faults[at] ?? [];
      check.faults.push(...found);
      if (found.length === 0) check.links.push({ own, effective });
    });
    await letOthersRun();
  }
}

async function findLedgerFaults(
  ledger: Pick<BondLedger, 'identityFile'>,
  service: ServiceName,
  month: Month,
  { line, own, effective }: ImportPair,
): Promise<ImportFault[]> {
  const [person, target] = await Promise.all([
    ledger.identityFile(service, own),
    ledger.identityFile(service, effective),
  ]);
  const faults: ImportFault[] = [];
  if (person.months.some((counted) => counted.month === month)) {
    const detail =
      'The person was counted this month under the identity that mau-guard gave them; ' +
      'a link now would have them billed twice. Import before they ask for a token, or next month.';
    faults.push({ line, column: 'subject', detail });
  }
  if (person.servedFor !== null) {
    const detail = 'Somebody else is served as what this person is called.';
    faults.push({ line, column: 'subject', detail });
  }
  if (target.servedFor !== null && target.servedFor !== own) {
    faults.push({ line, column: 'identity', detail: 'Another person is served as this identity already.' });
  }
  if (target.servedAs !== null) {
    faults.push({ line, column: 'identity', detail: 'Is linked to yet another identity.' });
  }
  return faults;
}
