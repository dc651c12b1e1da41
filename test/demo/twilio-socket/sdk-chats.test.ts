import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/system-clock.ts';
import { type FakeAccountSocket, signToken, startAccount } from './support/fake-account.ts';
import { end, next, SDKS, type SdkClient, until } from './support/sdk.ts';

describe.each(SDKS)('@twilio/conversations $version', ({ Client }) => {
  let account: FakeAccountSocket;
  let ada: SdkClient;
  let grace: SdkClient;

  beforeEach(async () => {
    account = await startAccount(systemClock);
    [ada, grace] = (await Promise.all(
      ['ada', 'grace'].map(async (identity) => {
        const client = new Client(signToken({ identity }), { Twilsock: { uri: account.twilsock.url } });
        await next(client, 'initialized');
        await client.getSubscribedConversations();
        return client;
      }),
    )) as [SdkClient, SdkClient];
  });

  afterEach(async () => {
    await Promise.all([end(ada), end(grace)]);
    await account.twilsock.close();
  });

  it('opens a conversation, joins it, adds somebody, and both hear each other', async () => {
    const conversation = await ada.createConversation({ friendlyName: 'Order 17' });
    expect(account.model.activities.map(({ deed }) => deed)).not.toContain('joined');
    await conversation.join();
    const arrived = next(grace, 'conversationJoined') as Promise<typeof conversation>;
    await conversation.add('grace');
    const hers = await arrived;
    expect(hers.friendlyName).toBe('Order 17');

    const heardBy = (client: SdkClient) => {
      const heard: string[] = [];
      client.on('messageAdded', ({ index, author, body }) => heard.push(`${index} ${author}: ${body}`));
      return heard;
    };
    const [byAda, byGrace] = [heardBy(ada), heardBy(grace)];
    // The SDK tells of messages from here on.
    await Promise.all([conversation.getMessages(), hers.getMessages()]);
    await conversation.sendMessage('Is it still there?');
    await until(() => byGrace.length === 1);
    await hers.sendMessage('It is.');
    await until(() => byGrace.length === 2 && byAda.length === 2);
    expect(byAda).toEqual(['0 ada: Is it still there?', '1 grace: It is.']);
    expect(byGrace).toEqual(byAda);

    const page = await conversation.getMessages();
    expect(page.items.map(({ body }) => body)).toEqual(['Is it still there?', 'It is.']);
    const people = await conversation.getParticipants();
    expect(people.map(({ identity }) => identity).sort()).toEqual(['ada', 'grace']);

    const deeds = account.model.activities.map(({ who, deed }) => `${who} ${deed}`);
    expect(deeds).toEqual(expect.arrayContaining(['ada joined', 'grace joined', 'ada sent', 'grace sent']));
  });

  it('tells of its reading, and leaves', async () => {
    const { model } = account;
    const { sid } = model.createConversation();
    model.addParticipant(sid, { identity: 'ada' }, { source: 'API' });
    model.addParticipant(sid, { identity: 'grace' }, { source: 'API' });
    model.sendMessage(sid, { author: 'grace', body: 'Hello' });
    model.sendMessage(sid, { author: 'grace', body: 'Anyone?' });
    await until(() => sdkKnows(ada, sid));
    const conversation = await ada.getConversationBySid(sid);
    expect(await conversation.setAllMessagesRead()).toBe(0);
    expect(model.activities).toContainEqual(expect.objectContaining({ who: 'ada', deed: 'read' }));

    // Whoever has not looked at the others is not told that they leave.
    expect(await (await grace.getConversationBySid(sid)).getParticipants()).toHaveLength(2);
    const left = next(grace, 'participantLeft');
    await conversation.leave();
    await left;
    expect(model.activities).toContainEqual(expect.objectContaining({ who: 'ada', deed: 'left' }));
  });

  it('is refused a conversation that it is not in', async () => {
    const { sid } = account.model.createConversation({ friendlyName: 'not theirs' });
    await expect(ada.peekConversationBySid(sid)).rejects.toThrow();
  });
});

const known = new WeakMap<SdkClient, Set<string>>();

/** Whether a client has heard of a conversation. */
function sdkKnows(client: SdkClient, sid: string): boolean {
  let heard = known.get(client);
  if (heard === undefined) {
    const joined = new Set<string>();
    heard = joined;
    known.set(client, joined);
    client.on('conversationJoined', (conversation) => joined.add(conversation.sid));
  }
  return heard.has(sid);
}
