import { GatewayError } from '../../../domain/gateway-error.ts';
import type { Identity } from '../../../domain/identity.ts';
import { LedgerUnavailable } from '../../../domain/ledger-unavailable.ts';
import { monthOf, nextMonth } from '../../../domain/month.ts';
import type { Adoption, AdoptionOutcome } from '../../bonds.ts';
import { bucketOf } from '../../buckets.ts';
import type { AdmissionWatch } from '../admission/admission-watch.ts';
import { decideInEpoch } from '../admission/decide-in-epoch.ts';
import { createServiceKeys } from '../keys.ts';
import type { PageSource } from '../pages.ts';
import { readMonths } from './bonds.ts';
import { RELINKED_LISTED } from './change-writes.ts';

/**
 * Lets a member go on as the guest they were, in one script call. While newcomers wait nobody is adopted: that the member was
 * counted may be what the store has lost.
 */
export async function adoptGuest(
  source: PageSource,
  watch: AdmissionWatch,
  adoption: Adoption,
): Promise<AdoptionOutcome> {
  const { names, service } = source;
  const reply = await decideInEpoch(source, watch, {
    learn: async () => names.epoch(service) !== '' || names.intern(service, []),
    call: (epoch) => callScript(source, watch, adoption, epoch),
  });
  return readReply(reply);
}

async function callScript(
  source: PageSource,
  watch: AdmissionWatch,
  { guest, member, at }: Adoption,
  epoch: string,
): Promise<string | [code: string, identity: string]> {
  const { writes, prefix, service } = source;
  const keys = createServiceKeys(prefix, service);
  const month = monthOf(at);
  // Asked before the script, so months that begin just now are named besides.
  const months = new Set([...(await readMonths(source)), month, nextMonth(month)]);
  const bucket = bucketOf(member);
  const scriptKeys = [keys.links, keys.blocks, keys.merges, keys.names, keys.totals(month), keys.relinked];
  for (const one of months) scriptKeys.push(keys.people(one, bucket));
  return writes.adopt(
    ...[scriptKeys.length, ...scriptKeys, guest, member, at],
    ...[epoch, watch.mark(service, month).minted],
    ...[watch.newcomersWait(service) ? 'wait' : '', RELINKED_LISTED],
  );
}

function readReply(reply: string | [code: string, identity: string]): AdoptionOutcome {
  if (reply === 'held') {
    throw new LedgerUnavailable('newcomers-wait', 'adoptions wait: the ledger may have lost data');
  }
  const [code, identity] = reply;
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
