import { type Month, monthOf, previousMonth } from '../../../domain/month.ts';
import type { KnownPerson } from '../../outage/known-people.ts';
import type { ReplayedMint } from '../../replay.ts';
import { createServiceKeys } from '../keys.ts';
import { type PageSource, resultsOf } from '../pages.ts';
import { replayMints } from '../replay/replay.ts';
import { TAKEN_OVER } from '../steering/bonds.ts';
import { EXCEPTIONS } from '../steering/change-writes.ts';

const PEOPLE_PER_CALL = 64;

/** Who is told. */
export interface RestoreTerms {
  /** Those whose order is above this one; the store must have the others. */
  above: number;
  /** True once nobody wants to know any more. */
  isOver(): boolean;
}

/**
 * Tells a store of people whom this process has seen admitted; whoever it still has is left alone. Answers how many it
 * was told of.
 */
export async function restorePeople(
  source: PageSource,
  remembered: Iterable<Readonly<KnownPerson>>,
  { above, isOver }: RestoreTerms,
): Promise<number> {
  // A look at the whole of it: the memory goes on changing meanwhile.
  const told = [...remembered].filter(({ journalMark, order }) => journalMark === null && order > above);
  for (let from = 0; from < told.length && !isOver(); from += PEOPLE_PER_CALL) {
    const people = told.slice(from, from + PEOPLE_PER_CALL);
    await linkAgain(source, people);
    await replayMints(source, people.map(toMint));
  }
  return told.length;
}

/** Whoever was served as somebody else is so again: else they would come back as one more person. */
async function linkAgain(
  { client, prefix, service }: PageSource,
  people: readonly Readonly<KnownPerson>[],
): Promise<void> {
  const linked = people.filter(({ own, identity }) => own !== identity);
  if (linked.length === 0) return;
  const { names, links } = createServiceKeys(prefix, service);
  const writing = client.pipeline();
  for (const { own, identity } of linked) {
    writing.hsetnx(links, own, identity).hsetnx(links, identity, `${TAKEN_OVER}${own}`);
  }
  resultsOf(await writing.hset(names, EXCEPTIONS, 1).exec());
}

/** The last mint of somebody; the one of a journal is told by the journal. */
function toMint(person: Readonly<KnownPerson>): ReplayedMint {
  const { identity, own, className, tenant, intent, rule, firstSeen, issuedAt, expiresAt } = person;
  return {
    ...{ identity, own, className, tenant, intent, rule, firstSeen, issuedAt, expiresAt },
    otherMonth: otherMonthOf(person),
    journal: null,
  };
}

function otherMonthOf({ month, alsoBefore, issuedAt }: Readonly<KnownPerson>): Month | null {
  if (monthOf(issuedAt * 1000) !== month) return month;
  return alsoBefore ? previousMonth(month) : null;
}
