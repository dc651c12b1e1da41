import { amountOf } from '../domain/amount-of.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import { HYGIENE_IDS, type HygieneId } from '../domain/hygiene-id.ts';
import { findHygieneFindings } from '../reports/hygiene.ts';
import type { Check } from './check.ts';
import { judgeBudget } from './checks/budget.ts';
import { judgePeopleBuckets } from './checks/people-buckets.ts';
import { error, type Finding, ok, skip, warn } from './finding.ts';
import { given } from './given.ts';
import { nameOf } from './name-of.ts';
import { once } from './once.ts';
import type { GatewayParts } from './parts.ts';
import { type DoctorService, type LedgerMonth, LedgerNotRead } from './ports.ts';

const HYGIENE: Record<HygieneId, { name: string; fine: string }> = {
  'no-connects': { name: 'Connections', fine: 'people are seen to connect, or too few tokens to tell' },
  'no-beacons': { name: 'Beacons', fine: 'beacons come, or too little to tell' },
  'no-webhooks': { name: 'Events', fine: 'messages or members are seen, or too few tokens to tell' },
  'tokens-from-elsewhere': { name: 'Foreign tokens', fine: 'nobody connected without a token from here' },
  'rest-only': { name: 'REST-only users', fine: 'nobody is there by REST writes alone' },
  'backfill-gap': { name: 'Evidence gap', fine: 'no backfill found anybody whom no event had told of' },
  'addresses-in-budget': { name: 'Addresses', fine: 'none take places that a blocking budget needs' },
};

/** What the ledger itself shows. */
export function listLedgerChecks(gateway: GatewayParts): Check[] {
  const reach = gateway.redis === null ? 'local' : 'outside';
  return gateway.services.flatMap((service) => {
    const common = { about: nameOf(service, gateway.services), reach } as const;
    const month = once(() => readMonth(gateway, service));
    const of = (judge: (month: LedgerMonth) => Finding) => given(month, 'the ledger was not read', judge);
    const { redis } = gateway;
    return [
      { ...{ id: 'ledger', name: 'Ledger', ...common }, look: () => checkLedger(service, month) },
      {
        ...{ id: 'budget', name: 'Budget', ...common },
        look: of((read) => judgeBudget(read, gateway.now())),
      },
      ...HYGIENE_IDS.map((id) => ({
        ...{ id, name: HYGIENE[id].name, ...common },
        look: of((read) => judgeHygiene(read, id, gateway.now())),
      })),
      ...(redis === null
        ? []
        : [
            {
              ...{ id: 'people-buckets', name: 'People in memory', ...common },
              look: given(
                () => Promise.all([month(), redis.nodes()]),
                'the ledger was not read',
                ([read, nodes]) => judgePeopleBuckets(read, nodes),
              ),
            },
          ]),
    ];
  });
}

async function readMonth({ redis, month }: GatewayParts, { name }: DoctorService): Promise<LedgerMonth> {
  // Why it does not answer is told once.
  await redis?.nodes().catch(() => {
    throw new LedgerNotRead('Redis does not answer');
  });
  return month(name);
}

async function checkLedger({ name }: DoctorService, month: () => Promise<LedgerMonth>): Promise<Finding> {
  try {
    const { totals } = await month();
    return ok(`${totals.month}: ${amountOf(totals.all, 'identity', 'identities')} of ${name}`);
  } catch (thrown) {
    if (thrown instanceof LedgerNotRead) return skip(thrown.message);
    if (!(thrown instanceof GatewayError)) throw thrown;
    return error({
      detail: thrown.message,
      why: 'Nobody can be counted without the ledger, so nobody gets a token.',
      fix: 'Look at LEDGER_PATH or the REDIS_ variables: `mau-guard config print` shows which ledger is meant.',
    });
  }
}

function judgeHygiene({ totals, days, addedByBackfill }: LedgerMonth, id: HygieneId, nowMs: number): Finding {
  const finding = findHygieneFindings(totals, days, { addedByBackfill, nowMs }).find((one) => one.id === id);
  if (finding === undefined) return ok(HYGIENE[id].fine);
  return warn({ detail: finding.says, why: finding.why, fix: finding.fix });
}
