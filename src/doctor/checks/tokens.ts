import { error, type Finding, ok, warn } from '../finding.ts';
import type { SampleToken } from '../ports.ts';

/** https://www.twilio.com/docs/iam/access-tokens */
const LIFE_SECONDS_MAX = 86_400;
/** The SDK asks for a new token three minutes before the end of the old one. */
const LIFE_SECONDS_MIN = 300;

/** A token that is made here and goes nowhere: read back as one of a browser would be, and held against the library. */
export function judgeSampleToken(token: SampleToken): Finding {
  if (token.fault !== null) {
    return error({
      detail: `a token made now is not accepted by its own rules: ${token.fault}`,
      why: 'Twilio would refuse it too, so nobody could connect.',
      fix: 'Compare TWILIO_ACCOUNT_SID, TWILIO_API_KEY_SID, TWILIO_API_KEY_SECRET and TWILIO_CONVERSATIONS_SERVICE_SID with the Twilio console.',
    });
  }
  if (!token.sameAsLibrary) {
    return error({
      detail: 'a token made now differs from what the twilio library makes of the same claims',
      why: 'The library is what Twilio supports; what differs may be refused.',
      fix: 'Install the dependencies anew with `npm ci`; if it stays, report it as a defect of mau-guard.',
    });
  }
  return ok(`made, read back and the same as the twilio library's, ${token.lifeSeconds} s`);
}

export function judgeTokenLife(ttlSeconds: number): Finding {
  if (ttlSeconds > LIFE_SECONDS_MAX) {
    return error({
      detail: `${ttlSeconds} s`,
      why: 'Twilio refuses tokens that are made for more than 24 hours (20157).',
      fix: `Set TOKEN_TTL_SECONDS to ${LIFE_SECONDS_MAX} at most.`,
    });
  }
  if (ttlSeconds < LIFE_SECONDS_MIN) {
    return warn({
      detail: `${ttlSeconds} s`,
      why: 'The SDK is told three minutes before the end of a token that it needs another; one that hardly lives longer is renewed all the time, or not at all.',
      fix: `Set TOKEN_TTL_SECONDS to ${LIFE_SECONDS_MIN} at least; 3600 is the default.`,
    });
  }
  return ok(`${ttlSeconds} s`);
}
