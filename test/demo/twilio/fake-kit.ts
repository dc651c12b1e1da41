import {
  createFakeModel,
  FAKE_POST_FILTERS,
  type FakeModel,
} from '../../../src/demo/twilio/model/create-fake-model.ts';
import { type SettableClock, settableClock } from '../../support/clock.ts';

export const ACCOUNT = `AC${'1'.repeat(32)}`;
export const SERVICE = `IS${'3'.repeat(32)}`;
export const OTHER_SERVICE = `IS${'4'.repeat(32)}`;
export const REST_KEY = { sid: `SK${'5'.repeat(32)}`, secret: 'rest-secret-of-the-tests' };
export const START = Date.parse('2026-11-10T12:00:00.250Z');

/** Something of everything that the fake knows. */
export interface Town {
  model: FakeModel;
  clock: SettableClock;
  /** SIDs of two conversations. */
  support: string;
  sales: string;
}

export function buildTown(): Town {
  const clock = settableClock(START);
  const model = createFakeModel({ accountSid: ACCOUNT, services: [SERVICE, OTHER_SERVICE], now: clock.now });
  model.account.webhooks = {
    preUrl: null,
    postUrl: 'https://gateway.example/hook',
    filters: [...FAKE_POST_FILTERS],
  };
  model.addAddress({
    type: 'sms',
    address: '+15550009999',
    autoCreation: { enabled: true, serviceSid: SERVICE },
  });
  model.addTrigger({ category: 'pchat-users', by: 'count', value: '500', recurring: 'monthly' });
  model.connect('m_ada');
  const support = model.createConversation({ friendlyName: 'Support', uniqueName: 'support' }).sid;
  model.addParticipant(support, { identity: 'm_ada' });
  model.addParticipant(support, { identity: 'm_bob' }, { source: 'API', webhooks: true });
  clock.advance(60_000);
  model.sendMessage(support, { body: 'hello' }, { client: 'm_ada' });
  model.sendMessage(support, { body: 'tick' }, { source: 'API' });
  model.readTo(support, 'm_bob', 0);
  clock.advance(60_000);
  const sales = model.createConversation({}, { client: 'm_ada' }).sid;
  model.addParticipant(sales, {
    binding: { type: 'whatsapp', address: 'whatsapp:+15550001111', proxyAddress: 'whatsapp:+15550009999' },
  });
  model.createUser('m_eve');
  model.updateUser('m_eve', { friendlyName: 'Eve' });
  model.receiveSms({ from: '+15550002222', to: '+15550009999', body: 'is anybody there' });
  model.closeConversation(sales);
  return { model, clock, support, sales };
}
