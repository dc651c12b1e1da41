import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '../../../src/system-clock.ts';
import {
  type FakeAccountSocket,
  KEY_SID,
  signToken,
  startAccount,
  type TokenParts,
} from './support/fake-account.ts';
import { createClients, next, record, SDKS, until } from './support/sdk.ts';

const REFUSED: [string, TokenParts, { httpStatusCode: number; errorCode: number }][] = [
  ['signed with another secret', { secret: 'not the secret' }, { httpStatusCode: 401, errorCode: 20107 }],
  ['of an unknown key', { keySid: `SK${'9'.repeat(32)}` }, { httpStatusCode: 401, errorCode: 20103 }],
  ['of another account', { accountSid: `AC${'9'.repeat(32)}` }, { httpStatusCode: 401, errorCode: 20103 }],
  ['that has expired', { ttl: -5 }, { httpStatusCode: 401, errorCode: 20104 }],
  ['that lives longer than a day', { ttl: 86_401 }, { httpStatusCode: 401, errorCode: 20157 }],
  ['that begins tomorrow', { nbf: Date.now() / 1000 + 86_000 }, { httpStatusCode: 401, errorCode: 20105 }],
  ['for another service', { serviceSid: `IS${'9'.repeat(32)}` }, { httpStatusCode: 403, errorCode: 51007 }],
  ['without a service', { serviceSid: '' }, { httpStatusCode: 403, errorCode: 51007 }],
];

describe.each(SDKS)('@twilio/conversations $version', ({ Client }) => {
  let account: FakeAccountSocket;
  let clients: ReturnType<typeof createClients>;

  beforeEach(() => {
    clients = createClients(Client);
  });

  afterEach(async () => {
    await clients.end();
    await account.twilsock.close();
  });

  const connect = (token: string) => clients.connect(token, account.twilsock.url);

  it.each(REFUSED)('is denied with a token %s', async (_what, parts, codes) => {
    account = await startAccount(systemClock);
    const client = connect(signToken(parts));
    const told = record(client);
    const error = await next(client, 'connectionError');

    expect(error).toMatchObject({ terminal: true, ...codes });
    await until(() => told.filter((one) => one === 'initFailed').length === 2);
    expect(told.includes('tokenExpired')).toBe(codes.errorCode === 20104);
    expect(client.connectionState).toBe('denied');
    expect(account.model.activities).toEqual([]);
  });

  it('is denied once the key is deleted', async () => {
    account = await startAccount(systemClock);
    const token = signToken();
    account.apiKeys.delete(KEY_SID);
    expect(await next(connect(token), 'connectionError')).toMatchObject({ errorCode: 20103 });
  });

  it('is told three minutes before the end, and takes another token on the same socket', async () => {
    // A token of four minutes: the warning comes after 60 s of the fake's time, 2 s of ours.
    account = await startAccount(systemClock, { speed: 30 });
    const client = connect(signToken({ ttl: 240 }));
    const told = record(client);
    await next(client, 'tokenAboutToExpire');
    expect(account.model.activities).toHaveLength(1);

    await client.updateToken(signToken({ ttl: 86_000 }));
    expect(account.model.activities.map(({ who, deed }) => `${who} ${deed}`)).toEqual([
      'ada connected',
      'ada connected',
    ]);
    // The first token would have ended by now.
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    expect(told).toEqual(['connecting', 'connected', 'initialized', 'tokenAboutToExpire']);
    expect(account.twilsock.opened()).toBe(1);
  });

  it('loses the connection when the token ends', async () => {
    account = await startAccount(systemClock, { speed: 30 });
    const client = connect(signToken({ ttl: 120 }));
    const told = record(client);
    await next(client, 'tokenExpired');
    await until(() => client.connectionState === 'disconnected');
    expect(told).not.toContain('tokenAboutToExpire');
    expect(account.twilsock.open()).toBe(0);
  });

  it('is refused a token of somebody else on its socket', async () => {
    account = await startAccount(systemClock);
    const client = connect(signToken({ identity: 'ada' }));
    await next(client, 'initialized');
    await client.getSubscribedConversations();
    await expect(client.updateToken(signToken({ identity: 'grace' }))).rejects.toThrow();
    expect(account.model.activities.map(({ who }) => who)).toEqual(['ada']);
  });

  it('still authenticates when it is shut down at once', async () => {
    // The SDK complains of its own haste.
    const complaints = jest.spyOn(console, 'error').mockImplementation(() => {});
    account = await startAccount(systemClock);
    const client = connect(signToken());
    const read = client.getSubscribedConversations().catch(() => {});
    await client.shutdown();
    await read;
    expect(account.model.activities).toHaveLength(1);
    await until(() => account.twilsock.open() === 0);
    complaints.mockRestore();
  });

  it('comes again by itself after the network was gone', async () => {
    account = await startAccount(systemClock);
    const client = connect(signToken());
    await next(client, 'initialized');
    await client.getSubscribedConversations();
    account.twilsock.drop();
    await until(() => account.model.activities.length === 2);
    await until(() => client.connectionState === 'connected');
  });

  it('is not let in while Twilio is out of order', async () => {
    let broken = true;
    const fault = () => (broken ? { code: 500, status: 'Internal Server Error' } : null);
    account = await startAccount(systemClock, { fault });
    const client = connect(signToken());
    expect(await next(client, 'connectionError')).toMatchObject({ terminal: false, httpStatusCode: 500 });
    expect(account.model.activities).toEqual([]);
    broken = false;
    await next(client, 'initialized');
  });
});
