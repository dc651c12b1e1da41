import type { Identity } from '../../../domain/identity.ts';
import type { PageSource } from '../pages.ts';
import { TAKEN_OVER } from '../steering/bonds.ts';
import { makeChange } from '../steering/steering.ts';
import type { BondsCopy } from './bonds-copy.ts';
import { readStoreClock } from './store-clock.ts';

const ERASURES_PER_CHANGE = 20;

/** Erases people whom an older store shows again, under the pseudonyms that they had; with an entry in the audit log. */
export async function eraseAgain(
  source: PageSource,
  returned: readonly { identity: Identity; pseudonym: Identity }[],
  { links }: BondsCopy,
): Promise<void> {
  for (let from = 0; from < returned.length; from += ERASURES_PER_CHANGE) {
    const erasures = returned.slice(from, from + ERASURES_PER_CHANGE).map((erasure) => ({
      ...erasure,
      staysVoid: links?.[erasure.identity]?.startsWith(TAKEN_OVER) === true,
    }));
    const audit = {
      at: await readStoreClock(source),
      by: 'mau-guard',
      role: 'gateway',
      action: 'person.erase-again',
      target: 'people erased before',
      before: null,
      after: { people: erasures.length },
      reason: 'The ledger came back with older data, in which these people were not erased yet.',
      requestId: '',
    };
    await makeChange(source, { kind: 'erase', erasures }, { audit, expected: null, idempotency: null });
  }
}
