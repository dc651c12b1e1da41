import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FakeTwilio, startFakeTwilio } from '../../src/demo/twilio/start-fake-twilio.ts';
import { openConversations } from '../../src/twilio/open-conversations.ts';

const OPTIONS = {
  accountSid: 'AC00000000000000000000000000000001',
  apiKey: { sid: 'SK00000000000000000000000000000001', secret: 'secret' },
  region: null,
  edge: null,
  timeoutMs: 1_000,
};
const SERVICE = 'IS00000000000000000000000000000001';

let twilio: FakeTwilio;
beforeEach(async () => {
  twilio = await startFakeTwilio({ ...OPTIONS, users: {} });
});
afterEach(() => twilio.close());

describe('the client', () => {
  it('refuses to write before anything leaves', async () => {
    const conversations = await openConversations({ ...OPTIONS, restUrl: twilio.url });
    const service = conversations.services(SERVICE);
    await expect(service.users.create({ identity: 'm_a' })).rejects.toThrow('not a read');
    await expect(service.users('m_a').update({ friendlyName: 'x' })).rejects.toThrow('not a read');
    await expect(service.users('m_a').remove()).rejects.toThrow('not a read');
    expect(twilio.requests).toEqual([]);
  });

  it('keeps the path of the base', async () => {
    const conversations = await openConversations({ ...OPTIONS, restUrl: `${twilio.url}/through/proxy/` });
    await expect(conversations.services(SERVICE).users('m_a').fetch()).rejects.toThrow('was not found');
    expect(twilio.requests).toEqual([`GET /through/proxy/v1/Services/${SERVICE}/Users/m_a`]);
  });

  it('gives the key to nobody but Twilio, also when a page leads elsewhere', async () => {
    const conversations = await openConversations({ ...OPTIONS, restUrl: null });
    const list = conversations.services(SERVICE).users('m_a').userConversations;
    await expect(list.getPage(`${twilio.url}/v1/steal`)).rejects.toThrow('led away from Twilio');
    await expect(list.getPage('https://twilio.com.example/v1/steal')).rejects.toThrow('led away from Twilio');
    expect(twilio.requests).toEqual([]);
  });
});
