import { GatewayError } from '../../../domain/gateway-error.ts';
import { LedgerUnavailable } from '../../../domain/ledger-unavailable.ts';
import { type Month, monthOf, monthStartSeconds, previousMonth } from '../../../domain/month.ts';
import { EVIDENCE_SOURCES, SIGNALS } from '../../../domain/signal.ts';
import { bucketOf } from '../../buckets.ts';
import type { JoinRequest, LedgerRefusal } from '../../ledger.ts';
import { ledgerRefusals } from '../../replies.ts';
import { createServiceKeys } from '../keys.ts';
import type { NameKey } from '../names/names.ts';
import type { PageSource } from '../pages.ts';
import type { AdmissionWatch } from './admission-watch.ts';
import { codesOf } from './admit-batches.ts';
import { dayOf } from './admit-keys.ts';
import { decideInEpoch } from './decide-in-epoch.ts';

/** Lets somebody into a conversation and counts them, or refuses; one call of `join-9.lua`. */
export async function joinMonth(
  source: PageSource,
  watch: AdmissionWatch,
  request: JoinRequest,
): Promise<'counted' | 'known' | LedgerRefusal> {
  const { names, service } = source;
  const name: NameKey = `class:${request.className}`;
  const isKnown = () => names.code(service, 'class', request.className) !== undefined;
  const reply = await decideInEpoch(source, watch, {
    learn: async () => isKnown() || names.intern(service, [name]),
    call: (epoch) => callScript(source, watch, request, epoch),
  });
  return readReply(reply, request);
}

function callScript(
  { writes, names, prefix, service }: PageSource,
  watch: AdmissionWatch,
  request: JoinRequest,
  epoch: string,
): Promise<string> {
  const { identity, signal, className, at } = request;
  const keys = createServiceKeys(prefix, service);
  const month = monthOf(at);
  const seconds = Math.floor(at / 1000);
  const bucket = bucketOf(identity);
  return writes.join(
    ...[keys.names, keys.limits, keys.months, keys.alerts, keys.totals(month), keys.index(month)],
    ...[
      keys.day(month, dayOf(seconds)),
      keys.people(month, bucket),
      keys.people(previousMonth(month), bucket),
    ],
    ...[epoch, month, identity, codesOf(names, service)('class', className)],
    ...[seconds - monthStartSeconds(month), SIGNALS.indexOf(signal), EVIDENCE_SOURCES.indexOf('webhook')],
    ...[watch.mark(service, month).minted, watch.newcomersWait(service) ? 'wait' : ''],
  );
}

function readReply(reply: string, { className, at }: JoinRequest): 'counted' | 'known' | LedgerRefusal {
  const [code, ...rest] = reply.split(' ') as [string, ...string[]];
  switch (code) {
    case 'counted':
    case 'known':
      return code;
    case 'held':
      throw new LedgerUnavailable('newcomers-wait', 'newcomers wait: the ledger may have lost data');
    case 'new-identities-frozen':
      return ledgerRefusals.frozen(rest[0] as string);
    case 'mau-budget-exhausted': {
      const [month, limit, used, reserved, scope] = rest as [Month, string, string, string, string];
      return ledgerRefusals.exhausted({
        // The script names a class by its code; it can only be the one that was asked about.
        budget: scope === 'all' || scope === 'new-per-hour' ? scope : `class:${className}`,
        limit: Number(limit),
        used: Number(used),
        reserved: Number(reserved),
        month,
        at: Math.floor(at / 1000),
      });
    }
    default:
      throw new GatewayError('ledger-unavailable', `join answered "${code}"`);
  }
}
