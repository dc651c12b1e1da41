import { TwilioUnavailable } from '../../domain/twilio-unavailable.ts';
import { error, type Finding, ok } from '../finding.ts';
import type { DoctorService, DoctorTwilio } from '../ports.ts';

/** Whether a key opens the configured service of the configured account. Reads the service, nothing else. */
export async function checkKey(
  service: DoctorService,
  key: 'signing' | 'read',
  twilio: Pick<DoctorTwilio, 'fetchService'>,
): Promise<Finding> {
  let accountSid: string;
  try {
    ({ accountSid } = await twilio.fetchService(service.name, key));
  } catch (thrown) {
    return refused(thrown, key);
  }
  if (accountSid === service.accountSid) {
    const note = key === 'signing' ? '; Twilio does not tell whether the key may sign tokens' : '';
    return ok(`opens ${service.serviceSid} of ${service.accountSid}${note}`);
  }
  return error({
    detail: `the service belongs to ${accountSid}, not to ${service.accountSid}`,
    why: 'Tokens name the account that they are for; Twilio refuses those of another (20103).',
    fix: 'Set TWILIO_ACCOUNT_SID to the account that the service and the key belong to.',
  });
}

function refused(thrown: unknown, key: 'signing' | 'read'): Finding {
  if (!(thrown instanceof TwilioUnavailable)) throw thrown;
  const { trouble, says, nextStep } = thrown;
  const names = key === 'signing' ? 'TWILIO_API_KEY' : 'TWILIO_REST_API_KEY';
  switch (trouble) {
    case 'not-signed-in':
      return error({
        detail: `${says} The secret is wrong, the key was deleted, or it is of another account or region.`,
        why:
          key === 'signing'
            ? 'Every token is signed with this key; browsers would be refused when they connect (20103, 20107).'
            : 'Without it nothing can be read at Twilio: no reconciliation, no backfill, no checks.',
        fix: `Compare ${names}_SID and ${names}_SECRET with the key in the Twilio console. The secret is shown only once: make a new key if in doubt. Keys are of one region: TWILIO_REGION and TWILIO_EDGE must name it.`,
      });
    case 'not-allowed':
      return error({
        detail: says,
        why:
          key === 'signing'
            ? 'This is how a restricted key answers, and Twilio refuses tokens that are signed with one (20160).'
            : 'The key cannot read what the gateway looks at.',
        fix:
          key === 'signing'
            ? 'Make a standard API key and put it into TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET.'
            : nextStep,
      });
    case 'not-there':
      return error({
        detail: `${says} The service is of another account or region, or was deleted.`,
        why: 'Tokens name the service that they open; browsers would be refused.',
        fix: 'Compare TWILIO_CONVERSATIONS_SERVICE_SID with Conversations > Manage > Services of the account in TWILIO_ACCOUNT_SID; for a service outside of us1 set TWILIO_REGION and TWILIO_EDGE.',
      });
    default:
      return error({
        detail: says,
        why: 'Whether the key works is not known.',
        fix: nextStep,
      });
  }
}
