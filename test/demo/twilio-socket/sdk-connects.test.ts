import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/system-clock.ts';
import { type FakeAccountSocket, SERVICE_SID, signToken, startAccount } from './support/fake-account.ts';
import { createClients, next, record, SDKS } from './support/sdk.ts';

describe.each(SDKS)('@twilio/conversations $version', ({ Client }) => {
  let account: FakeAccountSocket;
  let clients: ReturnType<typeof createClients>;

  beforeEach(async () => {
    account = await startAccount(systemClock);
    clients = createClients(Client);
  });

  afterEach(async () => {
    await clients.end();
    await account.twilsock.close();
  });

  const connect = (token: string) => clients.connect(token, account.twilsock.url);

  it('connects and is initialized, which makes its identity active', async () => {
    const client = connect(signToken({ identity: 'ada' }));
    const told = record(client);
    await next(client, 'initialized');

    expect(told).toEqual(['connecting', 'connected', 'initialized']);
    expect(client.user.identity).toBe('ada');
    expect(account.model.activities).toMatchObject([
      { who: 'ada', deed: 'connected', serviceSid: SERVICE_SID },
    ]);
  });

  it('finds the conversations of the model', async () => {
    const { model } = account;
    const one = model.createConversation({ friendlyName: 'Order 17' });
    model.addParticipant(one.sid, { identity: 'ada' }, { source: 'API' });
    model.createConversation({ friendlyName: 'not hers' });
    const client = connect(signToken({ identity: 'ada' }));
    await next(client, 'initialized');

    const found = await client.getSubscribedConversations();
    expect(found.items.map(({ sid, friendlyName }) => ({ sid, friendlyName }))).toEqual([
      { sid: one.sid, friendlyName: 'Order 17' },
    ]);
  });
});
