import { judgeOpeningNumbers, judgeReachability, judgeRoles } from './checks/openings.ts';
import { judgeGuardWebhook, judgePostWebhooks, type WebhookPlace } from './checks/webhooks.ts';
import type { Finding } from './finding.ts';
import type { TwilioSetup } from './ports.ts';

/** One look at how a service is set up at Twilio. */
export interface SetupCheck {
  /** Stable; also the heading in `docs/doctor.md`. */
  id: string;
  /** In a few words. */
  name: string;
  judge(setup: TwilioSetup, around: SetupAround): Finding | Promise<Finding>;
}

/** What a setup is judged by. */
export interface SetupAround {
  place: WebhookPlace;
  /** Whether newcomers may be refused: by a budget in mode `block`, or by a freeze. Asks the ledger. */
  blocks: () => Promise<boolean>;
}

/** Everything that can be told from the setup alone, in the order in which it is shown. */
export const SETUP_CHECKS: readonly SetupCheck[] = [
  { id: 'webhooks', name: 'Webhooks', judge: (setup, { place }) => judgePostWebhooks(setup, place) },
  {
    ...{ id: 'guard-webhook', name: 'Guard webhook' },
    judge: async (setup, { place, blocks }) => judgeGuardWebhook(setup, place, await blocks()),
  },
  {
    ...{ id: 'roles', name: 'Default roles' },
    judge: (setup, { place }) => judgeRoles(setup, judgeGuardWebhook(setup, place, true).status === 'ok'),
  },
  { id: 'opening-numbers', name: 'Autocreation', judge: judgeOpeningNumbers },
  { id: 'reachability', name: 'Reachability', judge: judgeReachability },
];
