import { GatewayError } from '../../../domain/gateway-error.ts';
import type { Identity } from '../../../domain/identity.ts';
import { monthOf, nextMonth } from '../../../domain/month.ts';
import type { Adoption, AdoptionOutcome } from '../../bonds.ts';
import { bucketOf } from '../../buckets.ts';
import { createServiceKeys } from '../keys.ts';
import type { PageSource } from '../pages.ts';
import { readMonths } from './bonds.ts';
import { RELINKED_LISTED } from './change-writes.ts';

/** Lets a member go on as the guest they were, in one script call. */
export async function adoptGuest(
  source: PageSource,
  { guest, member, at }: Adoption,
): Promise<AdoptionOutcome> {
  const { writes, prefix, service } = source;
  const keys = createServiceKeys(prefix, service);
  // Asked before the script, so months that begin just now are named besides.
  const months = new Set([...(await readMonths(source)), monthOf(at), nextMonth(monthOf(at))]);
  const bucket = bucketOf(member);
  const scriptKeys = [
    keys.links,
    keys.blocks,
    keys.merges,
    keys.names,
    keys.totals(monthOf(at)),
    keys.relinked,
  ];
  for (const month of months) scriptKeys.push(keys.people(month, bucket));
  const [code, identity] = await writes.adopt(
    scriptKeys.length,
    ...scriptKeys,
    guest,
    member,
    at,
    RELINKED_LISTED,
  );
  switch (code) {
    case 'adopted':
    case 'already-linked':
      return { outcome: code, identity: identity as Identity };
    case 'guest-already-adopted':
    case 'member-has-identity':
    case 'identity-blocked':
      return { outcome: 'kept-separate', identity: identity as Identity, reason: code };
    default:
      throw new GatewayError('internal', `the ledger answered "${code}"`);
  }
}
