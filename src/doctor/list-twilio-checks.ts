import { TwilioUnavailable } from '../domain/twilio-unavailable.ts';
import type { Check } from './check.ts';
import { checkTwilioClock } from './checks/clocks.ts';
import { judgeOpeningNumbers, judgeReachability, judgeRoles } from './checks/openings.ts';
import { checkKey } from './checks/twilio-keys.ts';
import { checkTriggers, checkUsage } from './checks/usage.ts';
import { judgeGuardWebhook, judgePostWebhooks, type WebhookPlace } from './checks/webhooks.ts';
import { type Finding, skip } from './finding.ts';
import { nameOf } from './name-of.ts';
import { once } from './once.ts';
import type { GatewayParts } from './parts.ts';
import type { DoctorService, DoctorTwilio, TwilioSetup } from './ports.ts';

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
  const place = placeOf(gateway, service);
  const check = (id: string, name: string, look: () => Promise<Finding>): Check => ({
    ...{ id, name, ...common },
    look,
  });
  const judge = (judge: (setup: TwilioSetup) => Finding | Promise<Finding>) => () => judging(setup, judge);
  return [
    check('signing-key', 'Signing key', () => checkKey(service, 'signing', twilio)),
    ...(service.hasReadKey
      ? [check('read-key', 'Key for reads', () => checkKey(service, 'read', twilio))]
      : []),
    check('usage', 'Usage record', () => checkUsage(service, twilio, category)),
    check('usage-trigger', 'Usage trigger', () => checkTriggers(service, twilio, category)),
    check(
      'webhooks',
      'Webhooks',
      judge((read) => judgePostWebhooks(read, place)),
    ),
    check(
      'guard-webhook',
      'Guard webhook',
      judge(async (read) => judgeGuardWebhook(read, place, await blocks(gateway, service))),
    ),
    check(
      'roles',
      'Default roles',
      judge((read) => judgeRoles(read, isGuarded(read, place))),
    ),
    check('opening-numbers', 'Autocreation', judge(judgeOpeningNumbers)),
    check('reachability', 'Reachability', judge(judgeReachability)),
  ];
}

function placeOf(
  { publicUrl, signForm, postEvents, services }: GatewayParts,
  own: DoctorService,
): WebhookPlace {
  const shared = services.some(({ name, accountSid }) => name !== own.name && accountSid === own.accountSid);
  return {
    ...{ publicUrl, verifies: signForm !== null, events: postEvents },
    serviceParameter: shared ? own.name : null,
  };
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
async function blocks({ month }: GatewayParts, { name }: DoctorService): Promise<boolean> {
  try {
    const { limits } = await month(name);
    return limits.budget?.mode === 'block' || limits.frozenSince !== null;
  } catch {
    return true;
  }
}

function isGuarded(setup: TwilioSetup, place: WebhookPlace): boolean {
  return judgeGuardWebhook(setup, place, true).status === 'ok';
}
