import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FAKE_FAULTS } from '../../../src/demo/twilio/rest/faults.ts';
import { DEFAULT_SERVICE } from '../../../src/domain/service-name.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { type Asked, openTwilioGateway, type TwilioGateway, VIEWER_KEY } from './twilio-gateway.ts';

const NOVEMBER_10 = Date.parse('2026-11-10T12:00:00.250Z');
const PATH = '/v1/months/2026-11/backfill';
const REASON = { reason: 'webhooks were off' };

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedisServer();
});
afterAll(() => redis.stop());

describe.each(['embedded', 'redis'])('a backfill into the %s ledger', (kind) => {
  let town: TwilioGateway;
  let others: TwilioGateway[];
  const env = (): Record<string, string> =>
    kind === 'redis' ? { REDIS_URL: redis.url, REDIS_KEY_PREFIX: `mg${++prefix}` } : {};
  let opened: Record<string, string>;
  beforeEach(async () => {
    opened = env();
    town = await openTwilioGateway({ startAt: NOVEMBER_10, env: opened });
    others = [];
  });
  afterEach(async () => {
    expect(town.twilio.requests.filter((line) => !line.startsWith('GET '))).toEqual([]);
    for (const other of others) await other.stop();
    await town.stop();
  });

  async function finished(at = town, path = PATH): Promise<Asked['body']> {
    for (;;) {
      const { body } = await at.ask('GET', path, undefined, VIEWER_KEY);
      if (body.state !== 'running') return body;
      await sleep(20);
    }
  }

  async function run(): Promise<Asked['body']> {
    expect((await town.ask('POST', PATH, REASON)).status).toBe(202);
    return finished();
  }

  const signals = async () =>
    Object.fromEntries(
      (await town.people()).map((person) => [
        person.identity,
        person.signals.map(({ signal, source }) => `${signal}:${source}`).sort(),
      ]),
    );

  /** Nobody hears of these by webhook. */
  function liveUnheard() {
    const { model, clock } = town;
    clock.set(Date.parse('2026-10-20T08:00:00Z'));
    const old = model.createConversation().sid;
    model.addParticipant(old, { identity: 'm_old' }, { source: 'API' });
    model.sendMessage(old, { body: 'in october' }, { client: 'm_old' });
    clock.set(NOVEMBER_10);
    model.sendMessage(old, { body: 'back again' }, { client: 'm_old' });
    const talk = model.createConversation().sid;
    model.addParticipant(talk, { identity: 'm_ada' }, { source: 'API' });
    model.addParticipant(talk, { identity: 'm_silent' }, { source: 'API' });
    model.addParticipant(talk, {
      binding: { type: 'whatsapp', address: 'whatsapp:+15550001111', proxyAddress: 'whatsapp:+15559' },
    });
    clock.advance(60_000);
    model.sendMessage(talk, { body: 'hello' }, { client: 'm_ada' });
    model.sendMessage(talk, { body: 'beep', author: 'Concierge' }, { source: 'API' });
    model.readTo(talk, 'm_silent', 1);
    model.addParticipant(talk, { identity: 'm_gone' });
    model.removeParticipant(talk, 'm_gone');
    model.connect('m_lurker');
    model.createUser('m_eve');
    clock.advance(1_000);
    model.updateUser('m_eve', { friendlyName: 'Eve' });
    clock.set(Date.parse('2026-12-01T09:00:00Z'));
    model.addParticipant(talk, { identity: 'm_later' });
    model.sendMessage(talk, { body: 'in december' }, { client: 'm_later' });
    clock.set(Date.parse('2026-12-02T00:00:00Z'));
    return { old, talk };
  }

  it('finds what Twilio still knows of the month, and of no other', async () => {
    liveUnheard();
    const answer = await run();
    expect(answer).toMatchObject({
      ...{ month: '2026-11', service: 'default', state: 'done', phase: 'done', trouble: null },
      read: { users: 7, conversations: 2, participants: 5, messages: 5 },
      there: { conversations: 2, complete: true },
      found: { known: 0, added: 7, apart: 1 },
    });
    expect(answer.unseen.join()).toMatch(/only connected/);
    expect(await signals()).toEqual({
      m_old: ['messaged:backfill'],
      m_ada: ['created:backfill', 'joined:backfill', 'messaged:backfill'],
      m_silent: ['created:backfill', 'joined:backfill', 'read:backfill'],
      // Who left is not on any list, but their user record is.
      m_gone: ['created:backfill'],
      m_lurker: ['created:backfill'],
      m_eve: ['created:backfill', 'updated:backfill'],
      'whatsapp.+15550001111': ['addressed:backfill'],
    });
    expect((await town.gateway.ledger.totals(DEFAULT_SERVICE, answer.month)).conversations).toBe(2);
  });

  it('takes a short code for one and the same address, as a participant and as an author', async () => {
    const { model, clock } = town;
    clock.set(NOVEMBER_10);
    const talk = model.createConversation().sid;
    const binding = { type: 'sms' as const, address: '12345', proxyAddress: '+15550009999' };
    model.addParticipant(talk, { binding });
    expect(model.receiveSms({ from: '12345', to: binding.proxyAddress, body: 'STOP' })).not.toBeNull();
    await run();
    expect(await signals()).toEqual({ 'address.12345': ['addressed:backfill', 'messaged:backfill'] });
  });

  it('tells what waits for whom, though nobody connected', async () => {
    const { talk } = liveUnheard();
    await run();
    const { identity } = (await town.people()).find((one) => one.identity === 'm_silent')!;
    const unread = await town.gateway.ledger.unread(DEFAULT_SERVICE, identity);
    expect(unread.conversations.map(({ sid }) => sid)).not.toContain(talk);
    const ada = (await town.people()).find((one) => one.identity === 'm_ada')!;
    expect((await town.gateway.ledger.unread(DEFAULT_SERVICE, ada.identity)).conversations).toEqual([
      { sid: talk, unread: 1 },
    ]);
  });

  it('comes to the same when it is run again, and counts nobody twice', async () => {
    liveUnheard();
    await run();
    const before = await town.people();
    const again = await run();
    expect(again).toMatchObject({ state: 'done', found: { known: 0, added: 0, addedBefore: 7 } });
    expect(await town.people()).toEqual(before);
  });

  it('says whom the month knew before', async () => {
    liveUnheard();
    await town.gateway.ledger.record(DEFAULT_SERVICE, [
      {
        identity: 'm_ada' as never,
        signal: 'connected',
        at: NOVEMBER_10,
        source: 'beacon',
        className: 'member',
      },
    ]);
    expect(await run()).toMatchObject({ found: { known: 1, added: 6 } });
  });

  it('is refused once the people of the month are in the archive', async () => {
    const text = JSON.stringify({ people: 'trimmed' });
    await town.gateway.ledger.keepDocument(
      DEFAULT_SERVICE,
      '2026-11' as never,
      { name: 'archive', text },
      null,
    );
    expect(await town.ask('POST', PATH, REASON)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('goes on where it stopped, after Twilio was away', async () => {
    liveUnheard();
    town.meet(FAKE_FAULTS.unauthorized);
    const stopped = await run();
    expect(stopped).toMatchObject({ state: 'stopped', trouble: { says: expect.stringContaining('401') } });
    expect(town.lines.map(({ event }) => event)).toContain('backfill.stopped');
    town.meet(null);
    expect(await run()).toMatchObject({ state: 'done', found: { added: 7 } });
    expect(JSON.stringify(town.lines)).not.toMatch(/m_ada|m_silent|rest-secret|15550001111/);
  });

  it('is left alone where it is under way, also when another gateway is asked', async () => {
    liveUnheard();
    if (kind === 'redis') others.push(await openTwilioGateway({ startAt: 0, env: opened, beside: town }));
    // So slow that it is still under way when the last one asks.
    town.meet({ delayMs: 2_000 });
    const first = await town.ask('POST', PATH, REASON);
    const second = await town.ask('POST', PATH, REASON);
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.body.startedAt).toBe(first.body.startedAt);
    for (const other of others) {
      expect((await other.ask('POST', PATH, REASON)).body).toMatchObject({ state: 'running' });
    }
    town.meet(null);
    for (const other of others) expect(await finished(other)).toMatchObject({ state: 'done' });
    const { read } = await finished();
    // Users, conversations to count and to read, and participants and messages of two.
    expect(read.calls).toBe(7);
    expect(town.twilio.requests).toHaveLength(7);
  });

  it('goes on past a conversation that is deleted after it was listed', async () => {
    const conversations = Array.from({ length: 20 }, () => town.model.createConversation().sid);
    liveUnheard();
    await town.ask('POST', PATH, REASON);
    while (!town.twilio.requests.some((line) => line.includes('/Participants'))) await sleep(1);
    const read = (sid: string) => town.twilio.requests.some((line) => line.includes(`/${sid}/`));
    const [deleted] = conversations.filter((sid) => !read(sid)).slice(-1) as [string];
    town.model.removeConversation(deleted);
    expect(await finished()).toMatchObject({
      ...{ state: 'done', trouble: null },
      ...{ read: { conversations: 21 }, found: { added: 7 } },
    });
    expect(town.twilio.requests.filter((line) => line.includes(`/${deleted}/`))).toHaveLength(1);
  });

  it('goes on with what an older version began, which counted nothing', async () => {
    for (let number = 0; number < 30; number++) town.model.createConversation();
    liveUnheard();
    const { ledger } = town.gateway;
    await town.ask('POST', PATH, REASON);
    // Or it has stopped before, and the answer says why.
    while (town.twilio.requests.length < 20 && (await town.ask('GET', PATH)).body.state === 'running') {
      await sleep(10);
    }
    town.meet(FAKE_FAULTS.unauthorized);
    const stopped = await finished();
    expect(stopped.trouble?.says).toContain('401');
    expect(stopped).toMatchObject({ state: 'stopped', there: { conversations: 32, complete: true } });
    const [kept] = await ledger.documents(DEFAULT_SERVICE, stopped.month, 'backfill');
    const { counting: _, ...older } = JSON.parse(kept!.text);
    await ledger.keepDocument(DEFAULT_SERVICE, stopped.month, {
      name: 'backfill',
      text: JSON.stringify(older),
    });
    expect((await town.ask('GET', PATH)).body.there).toBeNull();
    town.meet(null);
    const before = town.twilio.requests.length;
    expect(await run()).toMatchObject({
      ...{ state: 'done', trouble: null },
      read: { conversations: 32 },
      there: { conversations: 32, complete: true },
    });
    expect(town.twilio.requests.length - before).toBeLessThan(64);
  });

  if (kind === 'redis') {
    it('goes on at another gateway after the first one ended in the middle', async () => {
      for (let number = 0; number < 30; number++) town.model.createConversation();
      liveUnheard();
      const other = await openTwilioGateway({ startAt: 0, env: opened, beside: town });
      others.push(other);
      await other.ask('POST', PATH, REASON);
      while (town.twilio.requests.length < 20) await sleep(10);
      others.pop();
      await other.stop();
      const { body } = await town.ask('GET', PATH, undefined, VIEWER_KEY);
      expect(body).toMatchObject({ state: 'stopped', trouble: { says: 'The gateway was stopped.' } });
      expect(body.read.conversations).toBeGreaterThan(2);
      const before = town.twilio.requests.length;
      const done = await run();
      expect(done).toMatchObject({
        ...{ state: 'done', trouble: null },
        ...{ read: { conversations: 32 }, found: { added: 7 } },
      });
      expect(town.twilio.requests.length - before).toBeLessThan(64);
    });

    it('is taken over from a gateway that died, once its lease is over', async () => {
      liveUnheard();
      const { ledger } = town.gateway;
      town.meet(FAKE_FAULTS.unauthorized);
      await run();
      const [kept] = await ledger.documents(DEFAULT_SERVICE, '2026-11' as never, 'backfill');
      const dead = {
        ...JSON.parse(kept!.text),
        state: 'running',
        owner: 'dead',
        leasedUntil: town.clock.now() + 1,
      };
      await ledger.keepDocument(DEFAULT_SERVICE, '2026-11' as never, {
        name: 'backfill',
        text: JSON.stringify(dead),
      });
      town.meet(null);
      expect((await town.ask('POST', PATH, REASON)).body.state).toBe('running');
      expect(town.twilio.requests).toHaveLength(1);
      town.clock.advance(1);
      expect((await finished()).state).toBe('stopped');
      expect(await run()).toMatchObject({ state: 'done' });
    });
  }
});

let prefix = 0;
