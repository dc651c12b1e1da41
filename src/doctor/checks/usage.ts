import { TwilioUnavailable } from '../../domain/twilio-unavailable.ts';
import { error, type Finding, ok, skip, warn } from '../finding.ts';
import type { DoctorService, DoctorTwilio } from '../ports.ts';

/** Whether Twilio's own count of active users can be read. */
export async function checkUsage(
  { name }: DoctorService,
  twilio: Pick<DoctorTwilio, 'readUsage'>,
  category: string,
): Promise<Finding> {
  try {
    const record = await twilio.readUsage(name);
    if (record !== null) {
      const asOf = record.asOf === null ? '' : `, as of ${record.asOf}`;
      return ok(`${category}: ${record.count.toLocaleString('en-US')} this month${asOf}`);
    }
  } catch (thrown) {
    if (!(thrown instanceof TwilioUnavailable)) throw thrown;
    return error({
      detail: thrown.says,
      why: 'Twilio’s figure is what the bill is made of; without it the ledger cannot be reconciled with it.',
      fix: thrown.nextStep,
    });
  }
  return warn({
    detail: `no record of ${category} came back for this month`,
    why: 'Twilio answers an unknown category with nothing, so a misspelt one looks like a month without users.',
    fix: 'Compare `reconcile.category` with pchat-users, the category of Conversations users. In the first hours of a month there may be none yet.',
  });
}

/** Whether an alert of Twilio's own stands behind the budget. */
export async function checkTriggers(
  { name }: DoctorService,
  twilio: Pick<DoctorTwilio, 'listTriggers'>,
  category: string,
): Promise<Finding> {
  try {
    const triggers = await twilio.listTriggers(name);
    const monthly = triggers.filter(({ recurring }) => recurring === 'monthly');
    if (monthly.length > 0) return ok(monthly.map(({ by, value }) => `monthly at ${by} ${value}`).join(', '));
    return warn({
      detail:
        triggers.length === 0
          ? `no usage trigger on ${category}`
          : `${triggers.length} usage trigger(s) on ${category}, none of them monthly`,
      why: 'A trigger of Twilio’s counts also what goes past the gateway. It stops nobody, but somebody hears of it.',
      fix: `Make a monthly usage trigger on ${category} by count in the Twilio console (Billing, Usage triggers). mau-guard makes none: it writes nothing at Twilio.`,
    });
  } catch (thrown) {
    if (thrown instanceof TwilioUnavailable) return skip(thrown.says);
    throw thrown;
  }
}
