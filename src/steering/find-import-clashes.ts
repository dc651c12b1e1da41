import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Identity } from '../domain/identity.ts';
import type { ImportPair } from './import-person.ts';
import type { ImportFault } from './import-rows.ts';

/** Pairs after which other requests are let in. */
const PAIRS_AT_A_STRETCH = 5_000;

/**
 * What the lines of a file say against each other: one person with two identities, one identity for two people, or
 * a line said twice. Two people under one identity would read each other's messages.
 */
export async function findImportClashes(pairs: readonly ImportPair[]): Promise<ImportFault[]> {
  const faults: ImportFault[] = [];
  const byOwn = new Map<Identity, ImportPair>();
  const byEffective = new Map<Identity, ImportPair>();
  for (const [at, pair] of pairs.entries()) {
    if (at % PAIRS_AT_A_STRETCH === 0) await letOthersRun();
    const samePerson = byOwn.get(pair.own);
    const sameIdentity = byEffective.get(pair.effective);
    if (samePerson !== undefined) {
      const same = samePerson.effective === pair.effective;
      const detail = same
        ? `Repeats line ${samePerson.line}.`
        : `Gives the person of line ${samePerson.line} another identity.`;
      faults.push({ line: pair.line, column: 'subject', detail });
      continue;
    }
    byOwn.set(pair.own, pair);
    if (sameIdentity !== undefined) {
      const detail = `Is the identity of another person already, in line ${sameIdentity.line}.`;
      faults.push({ line: pair.line, column: 'identity', detail });
      continue;
    }
    byEffective.set(pair.effective, pair);
  }
  for (const [effective, pair] of byEffective) {
    const owner = byOwn.get(effective);
    if (owner === undefined || owner === pair) continue;
    const detail = `Is what the person of line ${owner.line} is called already.`;
    faults.push({ line: pair.line, column: 'identity', detail });
  }
  return faults;
}
