import { TwilioUnavailable } from '../domain/twilio-unavailable.ts';
import type { Check } from './check.ts';
import { checkTwilioClock } from './checks/clocks.ts';
import { checkKey } from './checks/twilio-keys.ts';
import { checkTriggers, checkUsage } from './checks/usage.ts';
import { type Finding, skip } from './finding.ts';
import { nameOf } from './name-of.ts';
import { once } from './once.ts';
import type { GatewayParts } from './parts.ts';
import { placeOf } from './place-of.ts';
import type { DoctorService, DoctorTwilio, TwilioSetup } from './ports.ts';
import { SETUP_CHECKS, type SetupAround } from './setup-checks.ts';

/** How the account and its services are set up at Twilio; nothing in a demo. */
export function listTwilioChecks(gateway: GatewayParts): Check[] {
  const { twilio } = gateway;
  if (twilio === null) return [];
  return [
    {
      ...{ id: 'twilio-clock', name: "Twilio's clock", about: null, reach: 'outside' },
      look: () => checkTwilioClock(twilio.readSkewMs),
    },
    ...gateway.services.flatMap((service) => ofService(gateway, twilio, service)),
  ];
}

function ofService(gateway: GatewayParts, twilio: DoctorTwilio, service: DoctorService): Check[] {
  const { services, category } = gateway;
  const common = { about: nameOf(service, services), reach: 'outside' } as const;
  const setup = once(() => twilio.readSetup(service.name));
  const around: SetupAround = {
    place: placeOf({ ...gateway, verifies: gateway.signForm !== null }, service),
    blocks: () => mayRefuse(gateway, service),
  };
  const check = (id: string, name: string, look: () => Promise<Finding>): Check => ({
    ...{ id, name, ...common },
    look,
  });
  return [
    check('signing-key', 'Signing key', () => checkKey(service, 'signing', twilio)),
    ...(service.hasReadKey
      ? [check('read-key', 'Key for reads', () => checkKey(service, 'read', twilio))]
      : []),
    check('usage', 'Usage record', () => checkUsage(service, twilio, category)),
    check('usage-trigger', 'Usage trigger', () => checkTriggers(service, twilio, category)),
    ...SETUP_CHECKS.map(({ id, name, judge }) =>
      check(id, name, () => judging(setup, (read) => judge(read, around))),
    ),
  ];
}

async function judging(
  setup: () => Promise<TwilioSetup>,
  judge: (setup: TwilioSetup) => Finding | Promise<Finding>,
): Promise<Finding> {
  try {
    return await judge(await setup());
  } catch (thrown) {
    if (thrown instanceof TwilioUnavailable) return skip(`the setup at Twilio was not read: ${thrown.says}`);
    throw thrown;
  }
}

/** Where the ledger cannot be read, a blocking budget is assumed: better one warning too many. */
async function mayRefuse({ month }: GatewayParts, { name }: DoctorService): Promise<boolean> {
  try {
    const { limits } = await month(name);
    return limits.budget?.mode === 'block' || limits.frozenSince !== null;
  } catch {
    return true;
  }
}
