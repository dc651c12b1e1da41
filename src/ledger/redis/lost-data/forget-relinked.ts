import type { Identity } from '../../../domain/identity.ts';
import type { KnownPeople } from '../../outage/known-people.ts';
import { createServiceKeys } from '../keys.ts';
import { type PageSource, resultsOf } from '../pages.ts';
import { TAKEN_OVER } from '../steering/bonds.ts';
import { RELINKED } from '../steering/change-writes.ts';

/** A slice takes Redis a fraction of a millisecond. */
const LINKS_PER_CALL = 1_000;

/**
 * Forgets those whom the store serves as somebody else by now, or no more: guests whom members took over by other gateways,
 * and people whom operators linked. They are looked up one by one, since all links of a service may be very many.
 *
 * @param since how many changes of links were looked at before; null looks at everybody who is known
 * @param seen how many there were just now
 * @returns how many have been looked at now
 */
export async function forgetRelinked(
  source: PageSource,
  known: KnownPeople,
  since: number | null,
  seen: number,
): Promise<number> {
  const { client, prefix, service } = source;
  const { names, relinked } = createServiceKeys(prefix, service);
  const wanted = since === null || seen < since ? 0 : seen - since;
  const reading = client
    .multi()
    .hget(names, RELINKED)
    .lrange(relinked, 0, Math.max(0, wanted - 1));
  const [text, latest] = resultsOf<unknown>(await reading.exec()) as [string | null, Identity[]];
  const count = Number(text ?? 0);
  // The list ends early when there were more, and when an erasure emptied it.
  const isListed = since !== null && count >= since && count - since <= latest.length;
  const asked = isListed ? new Set(latest.slice(0, count - since)) : everybody(known, source);
  const people = [...asked].filter((own) => known.servedAs(service, own) !== null);
  for (let from = 0; from < people.length; from += LINKS_PER_CALL) {
    await forgetMoved(source, known, people.slice(from, from + LINKS_PER_CALL));
  }
  return count;
}

/** Makes every gateway look at all whom it knows: links have come back, and nobody has a list of them. */
export async function doubtLinks({ client, prefix, service }: PageSource): Promise<void> {
  const { names, relinked } = createServiceKeys(prefix, service);
  resultsOf(await client.multi().del(relinked).hincrby(names, RELINKED, 1).exec());
}

function everybody(known: KnownPeople, { service }: PageSource): Set<Identity> {
  return new Set([...known.of(service)].map(({ own }) => own));
}

async function forgetMoved(
  { client, prefix, service }: PageSource,
  known: KnownPeople,
  people: readonly Identity[],
): Promise<void> {
  const links = await client.hmget(createServiceKeys(prefix, service).links, ...people);
  for (const [position, own] of people.entries()) {
    const link = links[position] ?? own;
    if (link.startsWith(TAKEN_OVER) || link !== known.servedAs(service, own)) known.forget(service, own);
  }
}
