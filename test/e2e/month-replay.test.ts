import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { activeUsers, FAKE_COUNTING, type FakeCountingName } from '../../src/demo/twilio/model/activity.ts';
import { monthOf } from '../../src/domain/month.ts';
import { NOVEMBER, openTwilioGateway, type TwilioGateway } from '../signals/backfill/twilio-gateway.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { replayMonths } from './month-replay.ts';

/* The fake counts its own deeds; the ledger counts what it heard of them. Nothing is shared between the two. */

/** Which reading of the fake each shipped rule set is. */
const SETS: [rules: string, low: FakeCountingName, high: FakeCountingName][] = [
  ['identity-page-2026-11', 'identity-page', 'identity-page'],
  ['audit-article-2026-11', 'audit-answers', 'everything'],
  ['silent-free-2026-06', 'writers-only', 'writers-and-readers'],
];
/** Its high figure also counts tokens, of which Twilio knows nothing. */
const WITH_TOKENS = 'twilio-2026-11';
const PER_CONVERSATION = 'per-conversation-2026-06';

const SEED = 20_261_121;
const PATIENCE_MS = 180_000;

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedisServer();
});
afterAll(() => redis.stop());

describe.each(['embedded', 'redis'])('months lived at Twilio, on the %s ledger', (kind) => {
  let town: TwilioGateway;
  afterEach(() => town.stop());

  async function open(prefix: string): Promise<void> {
    const env: Record<string, string> =
      kind === 'redis' ? { REDIS_URL: redis.url, REDIS_KEY_PREFIX: prefix } : {};
    town = await openTwilioGateway({ startAt: Date.parse('2026-10-30T00:00:00Z'), env });
  }

  async function figures(rules: string, month = '2026-11'): Promise<{ low: number; high: number }> {
    const { body } = await town.ask('GET', `/v1/months/${month}?rules=${rules}`);
    return { low: body.activeUsers.low, high: body.activeUsers.high };
  }

  /** Identities without their service, by the fake's own reading. */
  const active = (name: FakeCountingName, month = NOVEMBER) =>
    new Set(
      [...activeUsers(town.model.activities, month, FAKE_COUNTING[name])].map((key) => key.split(' ')[1]),
    );

  it(
    'are counted alike under every rule set, however their events come',
    async () => {
      await open('replay');
      const { minted, sent } = await replayMonths(town, SEED, false);
      expect(sent.refused).toBe(0);
      expect(sent.webhooks).toBeGreaterThan(1_500);
      expect(new Set(sent.batches)).toEqual(new Set([200]));

      for (const month of ['2026-10', '2026-11', '2026-12']) {
        const at = monthOf(Date.parse(`${month}-01T00:00:00Z`));
        for (const [rules, low, high] of SETS) {
          const expected = { low: active(low, at).size, high: active(high, at).size };
          expect({ rules, month, ...(await figures(rules, month)) }).toEqual({ rules, month, ...expected });
        }
      }
      const everything = active('everything');
      expect(await figures(WITH_TOKENS)).toEqual({
        low: active('undisputed').size,
        high: new Set([...everything, ...minted]).size,
      });
      const talks = [...town.model.account.services.values()].flatMap(({ conversations }) => [
        ...conversations.values(),
      ]);
      const spokenIn = talks.filter(({ messages }) =>
        messages.some(({ createdAt }) => monthOf(createdAt) === NOVEMBER),
      );
      expect(await figures(PER_CONVERSATION)).toEqual({ low: spokenIn.length, high: spokenIn.length });

      // The readings differ, or equal figures would mean little; and so do the people, not only their number.
      expect(
        new Set(SETS.flatMap(([, low, high]) => [active(low).size, active(high).size])).size,
      ).toBeGreaterThan(3);
      expect(minted.size).toBeGreaterThan(everything.size / 10);
      const people = (await town.people()).map(({ identity }) =>
        identity.replace(/^whatsapp\./, 'whatsapp:'),
      );
      expect(new Set(people)).toEqual(new Set([...everything, ...minted]));
    },
    PATIENCE_MS,
  );

  it(
    'fall short where servers ask for no webhooks, until a backfill has read the month',
    async () => {
      await open('unheard');
      await replayMonths(town, SEED + 7, true);
      const undisputed = active('undisputed').size;
      const before = await figures(WITH_TOKENS);
      const known = (await town.people()).length;
      expect(before.low).toBeLessThan(undisputed);

      expect(
        (await town.ask('POST', '/v1/months/2026-11/backfill', { reason: 'servers ask for none' })).status,
      ).toBe(202);
      for (;;) {
        const { body } = await town.ask('GET', '/v1/months/2026-11/backfill');
        if (body.state === 'running') {
          await sleep(100);
          continue;
        }
        expect(body).toMatchObject({ state: 'done', found: { added: (await town.people()).length - known } });
        expect(body.found.added).toBeGreaterThan(0);
        break;
      }
      expect((await figures(WITH_TOKENS)).low).toBe(undisputed);
      expect((await figures('silent-free-2026-06')).low).toBe(active('writers-only').size);
      // Reading adds nothing to the months beside it.
      expect((await figures(WITH_TOKENS, '2026-12')).low).toBeLessThanOrEqual(
        active('undisputed', monthOf(Date.parse('2026-12-01T00:00:00Z'))).size,
      );
    },
    PATIENCE_MS,
  );
});
