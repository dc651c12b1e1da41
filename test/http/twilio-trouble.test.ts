import { expect, it } from '@jest/globals';
import { TwilioUnavailable } from '../../src/domain/twilio-unavailable.ts';
import { failureOf } from '../../src/http/problem.ts';

const error = new TwilioUnavailable('not-signed-in', 'Twilio answered 401, code 20003', 30);

it('is told to operators with its cause and the next step', () => {
  expect(failureOf(error, true)).toMatchObject({
    ...{ code: 'twilio-unavailable', retryAfterSeconds: 30 },
    detail: expect.stringMatching(/did not accept the API key.*TWILIO_REST_API_KEY_SID/),
  });
});

it('is told to others by its code alone', () => {
  const { detail } = failureOf(error);
  expect(detail).not.toMatch(/401|TWILIO_|API key/);
});
