import { describe, expect, test } from '@jest/globals';
import { load, loaded, MINIMAL } from './support.ts';

const SID = `SK${'4'.repeat(32)}`;
const REST = { TWILIO_REST_API_KEY_SID: SID, TWILIO_REST_API_KEY_SECRET: 'a-secret-for-reads' };

describe('the key for reads from Twilio', () => {
  test('is none unless told, and then that of the variables', () => {
    const { settings } = loaded({ env: MINIMAL });
    expect([settings.services[0]?.restApiKey, settings.twilioRestUrl]).toEqual([null, null]);
    const told = loaded({ env: { ...MINIMAL, ...REST, TWILIO_REST_URL: 'http://127.0.0.1:4010' } }).settings;
    expect(told.services[0]?.restApiKey).toEqual({ sid: SID, secret: 'a-secret-for-reads' });
    expect(told.twilioRestUrl).toBe('http://127.0.0.1:4010');
    expect(told.notices.join()).not.toContain('TWILIO_REST');
  });

  test('of another service stands in the file, its secret in a variable', () => {
    const yaml = `
services:
  support:
    accountSid: AC${'1'.repeat(32)}
    serviceSid: IS${'6'.repeat(32)}
    apiKey: { sid: SK${'2'.repeat(32)}, secretEnv: SUPPORT_SECRET }
    restApiKey: { sid: ${SID}, secretEnv: SUPPORT_REST_SECRET }
`;
    const env = { ...MINIMAL, SUPPORT_SECRET: 'signs', SUPPORT_REST_SECRET: 'reads' };
    const { settings } = loaded({ env, yaml });
    const support = settings.services.find(({ name }) => name === 'support');
    expect(support?.restApiKey).toEqual({ sid: SID, secret: 'reads' });
  });

  test('is refused by half', () => {
    const result = load({ env: { ...MINIMAL, TWILIO_REST_API_KEY_SID: SID } });
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).toContain('TWILIO_REST_API_KEY_SECRET');
  });
});
