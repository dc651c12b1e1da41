import { describe, expect, it } from '@jest/globals';
import {
  activeUsers,
  FAKE_COUNTING,
  type FakeCountingName,
} from '../../../src/demo/twilio/model/activity.ts';
import { listDailyUsage } from '../../../src/demo/twilio/rest/usage-records.ts';
import type { Month } from '../../../src/domain/month.ts';
import { ACCOUNT, buildTown, SERVICE, type Town } from './fake-kit.ts';

const NOVEMBER = '2026-11' as Month;
const DECEMBER = '2026-12' as Month;

const active = (town: Town, name: FakeCountingName, month = NOVEMBER) =>
  [...activeUsers(town.model.activities, month, FAKE_COUNTING[name])].map((key) => key.split(' ')[1]).sort();

describe('who was active', () => {
  it('follows the reading', () => {
    const town = buildTown();
    town.clock.set(Date.parse('2026-12-05T00:00:00Z'));
    const { model, support } = town;
    model.updateUser('m_eve', { friendlyName: 'Eva' });
    model.removeParticipant(support, 'm_bob', { source: 'API' });
    model.sendMessage(support, { author: 'm_ada', body: 'for you' }, { source: 'API' });
    model.sendMessage(support, { author: 'Concierge', body: 'beep' }, { source: 'API' });
    expect(active(town, 'identity-page', DECEMBER)).toEqual(['m_ada', 'm_bob', 'm_eve']);
    expect(active(town, 'audit-answers', DECEMBER)).toEqual(['m_ada']);
    expect(active(town, 'writers-only', DECEMBER)).toEqual(['m_ada']);
  });

  it('takes a client that does anything as connected', () => {
    const town = buildTown();
    town.clock.set(Date.parse('2026-12-05T00:00:00Z'));
    town.model.readTo(town.support, 'm_bob', 1);
    expect(active(town, 'undisputed', DECEMBER)).toEqual(['m_bob']);
    town.model.readTo(town.support, 'm_ada', 1, { source: 'API' });
    expect(active(town, 'everything', DECEMBER)).toEqual(['m_bob']);
  });

  it('counts an address and whoever writes from it once', () => {
    const town = buildTown();
    expect(active(town, 'everything')).toEqual([
      ...['+15550002222', 'm_ada', 'm_bob', 'm_eve', 'whatsapp:+15550001111'],
    ]);
  });
});

describe('acts', () => {
  it('that Twilio refuses are refused', () => {
    const { model, support, sales } = buildTown();
    expect(() => model.addParticipant(support, { identity: 'm_ada' })).toThrow('already exists');
    expect(() => model.createUser('m_ada')).toThrow('already exists');
    expect(() => model.sendMessage(sales, { body: 'x' }, { client: 'm_ada' })).toThrow('closed');
    expect(() => model.sendMessage(support, { body: 'x' })).toThrow('identity');
    expect(() => model.updateUser('m_nobody', {})).toThrow('no user');
    expect(() => model.addParticipant(`CH${'0'.repeat(32)}`, { identity: 'm_x' })).toThrow('no conversation');
  });

  it('move what is read up only, and count what is not', () => {
    const { model, support } = buildTown();
    const { participants } = model.account.services.get(SERVICE)!.conversations.get(support)!;
    const bob = participants.find(({ identity }) => identity === 'm_bob');
    model.readTo(support, 'm_bob', 1);
    model.readTo(support, 'm_bob', 0);
    expect(bob?.lastReadIndex).toBe(1);
    model.sendMessage(support, { body: 'mine' }, { client: 'm_bob' });
    expect(bob?.lastReadIndex).toBe(2);
    // What a server writes in somebody's name, they have not seen.
    model.sendMessage(support, { author: 'm_bob', body: 'not mine' }, { source: 'API' });
    expect(bob?.lastReadIndex).toBe(2);
  });
});

describe('daily usage', () => {
  it('adds up to the month', async () => {
    const town = buildTown();
    town.clock.set(Date.parse('2026-11-12T09:00:00Z'));
    town.model.connect('m_ada');
    town.model.connect('m_new');
    const url = new URL(
      'http://fake/2010-04-01/Accounts/x/Usage/Records/Daily.json?StartDate=2026-11-01&EndDate=2026-11-30',
    );
    const { body } = listDailyUsage({ model: town.model, url, path: [ACCOUNT] });
    const records = (body as { usage_records: { start_date: string; count: string }[] }).usage_records;
    expect(records.filter(({ count }) => count !== '0').map((one) => [one.start_date, one.count])).toEqual([
      ['2026-11-12', '1'],
      ['2026-11-10', '5'],
    ]);
    expect(records).toHaveLength(12);
  });
});
