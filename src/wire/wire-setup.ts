import type { Settings } from '../config/settings.ts';
import { placeOf } from '../doctor/place-of.ts';
import { SETUP_CHECKS, type SetupAround } from '../doctor/setup-checks.ts';
import type { Clock } from '../domain/clock.ts';
import { monthOf } from '../domain/month.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SetupFinding, SetupSource } from '../reconcile/ports.ts';
import { EVENT_RULES } from '../signals/webhook/event-rules.ts';
import { createSetupReader } from '../twilio/read-setup.ts';
import type { TwilioServices } from '../twilio/twilio-services.ts';

export interface WireSetupOptions {
  settings: Pick<Settings, 'services' | 'publicUrl' | 'webhooks'>;
  ledger: Pick<Ledger, 'limits'>;
  clock: Clock;
  twilio: TwilioServices;
}

/** The setup at Twilio, judged as the doctor judges it. */
export function wireSetup({ settings, ledger, clock, twilio }: WireSetupOptions): SetupSource {
  const { services, publicUrl, webhooks } = settings;
  const setups = createSetupReader(twilio);
  const parts = {
    ...{ publicUrl, services, verifies: webhooks !== null },
    postEvents: Object.keys(EVENT_RULES),
  };
  return {
    async judge(service) {
      const own = services.find(({ name }) => name === service);
      if (own === undefined) throw new RangeError(`There is no service ${service}.`);
      const setup = await setups.read(service);
      const around: SetupAround = {
        place: placeOf(parts, own),
        async blocks() {
          const { budget, frozenSince } = await ledger.limits(service, monthOf(clock.now()));
          return budget?.mode === 'block' || frozenSince !== null;
        },
      };
      const findings: SetupFinding[] = [];
      for (const { id, name, judge } of SETUP_CHECKS) {
        const finding = await judge(setup, around);
        if (!('why' in finding)) continue;
        findings.push({ id, name, says: finding.detail, why: finding.why, fix: finding.fix });
      }
      return findings;
    },
  };
}
