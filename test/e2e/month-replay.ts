import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../src/demo/twilio/seeded-random.ts';
import { createStreamSender } from '../../src/demo/twilio/webhooks/stream-sender.ts';
import { createWebhookSender } from '../../src/demo/twilio/webhooks/webhook-sender.ts';
import type { TwilioGateway } from '../signals/backfill/twilio-gateway.ts';
import { AUTH_TOKEN } from '../support/twilio-webhook.ts';

export interface Replayed {
  /** Identities that got a token in November. */
  minted: Set<string>;
  sent: { webhooks: number; refused: number; batches: number[] };
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FROM = Date.parse('2026-10-30T00:00:00Z');
const DAYS = 34;
const ACTS_A_DAY = 20;
const MEMBERS = 40;

/**
 * Lives from the end of October to the first days of December, seeded: people get tokens and connect or do not, write,
 * read, come and go; servers and phones do their part. What Twilio tells of it comes shuffled, three times, and partly
 * days late. Acts are at daytime, so that no token outlives its month.
 *
 * @param unheard whether some calls by REST ask for no webhooks
 */
export async function replayMonths(town: TwilioGateway, seed: number, unheard: boolean): Promise<Replayed> {
  const { model, clock, url } = town;
  const random = seededRandom(seed);
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item;
  const webhooks = createWebhookSender(model, {
    authToken: AUTH_TOKEN,
    disorder: { random: seededRandom(seed + 1), copies: 3, late: 0.3 },
    retries: 2,
  });
  const stream = createStreamSender(model, {
    authToken: AUTH_TOKEN,
    url: `${url}/v1/webhooks/twilio/event-streams`,
    batchMax: 50,
  });
  const replayed: Replayed = { minted: new Set(), sent: { webhooks: 0, refused: 0, batches: [] } };
  const rest = (heard: boolean) => ({ source: 'API', webhooks: heard || !unheard }) as const;

  const talks: string[] = [];
  const membersOf = (talk: string) =>
    [...model.account.services.values()][0]!.conversations
      .get(talk)!
      .participants.flatMap(({ identity }) => (identity === null ? [] : [identity]));
  const talkOf = (who: string) => {
    const own = talks.filter((talk) => membersOf(talk).includes(who));
    return own.length === 0 ? null : pick(own);
  };

  /** Half of the people who get a token use it. */
  async function openChat(): Promise<string | null> {
    const subject = `person-${Math.floor(random() * MEMBERS)}`;
    const { status, body } = await town.ask('POST', '/v1/tokens', { intent: 'open_chat' }, subject);
    if (status !== 200) throw new Error(`token: ${status} ${JSON.stringify(body)}`);
    if (new Date(clock.now()).toISOString().startsWith('2026-11')) replayed.minted.add(body.identity);
    if (random() < 0.5) return null;
    model.connect(body.identity);
    const beacon = await town.ask('POST', '/v1/beacons', { token: body.token, state: 'connected' });
    if (beacon.status !== 204) throw new Error(`beacon: ${beacon.status}`);
    return body.identity;
  }

  const acts: (() => Promise<void> | void)[] = [
    async () => void (await openChat()),
    async () => {
      const who = await openChat();
      if (who === null) return;
      const talk = talkOf(who) ?? pick(talks);
      if (!membersOf(talk).includes(who)) model.addParticipant(talk, { identity: who });
      model.sendMessage(talk, { body: 'hello' }, { client: who });
    },
    async () => {
      const who = await openChat();
      const talk = who === null ? null : talkOf(who);
      if (who !== null && talk !== null) model.readTo(talk, who, Math.floor(random() * 20));
    },
    async () => {
      const who = await openChat();
      const talk = who === null ? null : talkOf(who);
      if (who !== null && talk !== null) model.removeParticipant(talk, who);
    },
    // A server adds somebody who may never come; these stay, so that they can be found later.
    () => {
      const who = `m_added-${Math.floor(random() * 30)}`;
      const talk = pick(talks);
      if (!membersOf(talk).includes(who)) model.addParticipant(talk, { identity: who }, rest(random() < 0.6));
    },
    () => {
      const talk = talks[0]!;
      const guest = `m_passing-${Math.floor(random() * 30)}`;
      if (!membersOf(talk).includes(guest)) model.addParticipant(talk, { identity: guest }, rest(true));
      else model.removeParticipant(talk, guest, rest(true));
    },
    () => void model.sendMessage(pick(talks), { body: 'beep' }, rest(random() < 0.6)),
    () => {
      const talk = pick(talks);
      const author = membersOf(talk)[0];
      if (author !== undefined)
        model.sendMessage(talk, { author, body: 'in your name' }, rest(random() < 0.6));
    },
    () => {
      const who = `m_record-${Math.floor(random() * 40)}`;
      const known = [...model.account.services.values()][0]!.users.has(who);
      if (known) model.updateUser(who, { friendlyName: `name ${random()}` }, rest(true));
      else model.createUser(who, rest(random() < 0.6));
    },
    () =>
      void model.receiveSms({
        from: `${random() < 0.5 ? '' : 'whatsapp:'}+1555000${1000 + Math.floor(random() * 8)}`,
        to: '+15559990000',
        body: 'from my phone',
      }),
    () => void talks.push(model.createConversation({}, rest(random() < 0.6)).sid),
  ];

  async function tell(alsoLate = false): Promise<void> {
    const sent = await webhooks.flush({ alsoLate });
    replayed.sent.webhooks += sent.length;
    replayed.sent.refused += sent.filter(({ status }) => status !== 200).length;
    replayed.sent.batches.push(...(await stream.flush()));
    await sleep(0);
  }

  clock.set(FROM);
  model.addAddress({
    ...{ type: 'sms', address: '+15559990000' },
    autoCreation: { enabled: true, serviceSid: [...model.account.services.keys()][0]! },
  });
  for (let number = 0; number < 5; number++) talks.push(model.createConversation({}, rest(true)).sid);
  // Of these, November may see nothing but an update or a removal.
  for (let number = 0; number < 20; number++) {
    model.createUser(`m_record-${number}`, rest(true));
    model.addParticipant(talks[0]!, { identity: `m_passing-${number}` }, rest(true));
  }
  for (let day = 0; day < DAYS; day++) {
    for (let act = 0; act < ACTS_A_DAY; act++) {
      clock.set(FROM + day * DAY + 6 * HOUR + Math.floor(((act + random()) * 14 * HOUR) / ACTS_A_DAY));
      await pick(acts)();
    }
    if (day % 3 === 2) await tell();
  }
  await tell(true);
  return replayed;
}
