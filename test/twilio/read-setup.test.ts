import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { FAKE_POST_FILTERS } from '../../src/demo/twilio/model/create-fake-model.ts';
import { type FakeTwilio, startFakeTwilio } from '../../src/demo/twilio/start-fake-twilio.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createSetupReader } from '../../src/twilio/read-setup.ts';
import { ACCOUNT, buildTown, OTHER_SERVICE, REST_KEY, SERVICE, type Town } from '../demo/twilio/fake-kit.ts';
import { servicesAt } from './twilio-kit.ts';

let town: Town;
let twilio: FakeTwilio;
beforeEach(async () => {
  town = buildTown();
  twilio = await startFakeTwilio({ accountSid: ACCOUNT, apiKey: REST_KEY, model: town.model });
});
afterEach(async () => {
  expect(twilio.requests.filter((request) => !request.startsWith('GET '))).toEqual([]);
  await twilio.close();
});

const read = () => createSetupReader(servicesAt(twilio.url)).read(DEFAULT_SERVICE);

it('tells where events go and what browsers may do', async () => {
  expect(await read()).toEqual({
    reachability: false,
    permissions: {
      user: expect.arrayContaining(['createConversation']),
      member: expect.not.arrayContaining(['addParticipant']),
      creator: expect.arrayContaining(['addParticipant', 'addNonChatParticipant']),
    },
    webhooks: {
      account: {
        preUrl: null,
        postUrl: 'https://gateway.example/hook',
        filters: [...FAKE_POST_FILTERS],
        method: 'POST',
      },
      service: { preUrl: null, postUrl: null, filters: [], method: 'POST' },
    },
    openingNumbers: 1,
  });
});

it('counts only numbers that open conversations of this service', async () => {
  town.model.addAddress({
    type: 'sms',
    address: '+15551',
    autoCreation: { enabled: false, serviceSid: SERVICE },
  });
  town.model.addAddress({
    type: 'sms',
    address: '+15552',
    autoCreation: { enabled: true, serviceSid: OTHER_SERVICE },
  });
  expect((await read()).openingNumbers).toBe(1);
});

it('sees what is changed', async () => {
  const service = town.model.account.services.get(SERVICE)!;
  service.reachability = true;
  service.defaultRoles.conversation = service.defaultRoles.conversationCreator;
  const setup = await read();
  expect(setup.reachability).toBe(true);
  expect(setup.permissions.member).toContain('addParticipant');
});
