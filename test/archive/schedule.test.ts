import { beforeEach, expect, test } from '@jest/globals';
import { DEFAULT_SERVICE, parseServiceName } from '../../src/domain/service-name.ts';
import type { ConversationMark } from '../../src/ledger/conversations.ts';
import { conversationSid } from '../ledger/contract/builders.ts';
import {
  type ArchiveKit,
  AUGUST,
  createArchiveKit,
  fillMonths,
  monthNamed,
  OCTOBER,
  readMonth,
} from './archive-kit.ts';

const [MAY_2027, MAY_2028] = [monthNamed('2027-05'), monthNamed('2028-05')];
const EMPTY = { people: [], mints: [] };

let kit: ArchiveKit;
beforeEach(() => {
  kit = createArchiveKit();
});

const rowsOf = async (month: string) => (await readMonth(kit.ledger, monthNamed(month))).rows;
const actions = async () => {
  const { items } = await kit.ledger.audit(DEFAULT_SERVICE, { after: null, limit: 100 });
  return items.map(({ action, target, by, role }) => `${action} ${target} ${by}/${role}`).reverse();
};

test('what is older than is kept is closed, archived and taken out, and every step is in the audit log', async () => {
  // In June 2028, 13 months before it begin with May 2027, 15 months with March 2027.
  await fillMonths(kit.ledger, [
    OCTOBER,
    monthNamed('2027-02'),
    monthNamed('2027-03'),
    monthNamed('2027-04'),
    MAY_2027,
  ]);
  await kit.schedule.look();
  expect(await rowsOf('2026-10')).toEqual(EMPTY);
  expect(await rowsOf('2027-02')).toEqual(EMPTY);
  const march = await rowsOf('2027-03');
  expect([march.mints.length, march.people.length]).toEqual([0, 5]);
  expect((await rowsOf('2027-05')).mints).toHaveLength(5);
  expect(await kit.verify()).toMatchObject({ ok: true, entries: 4 });
  expect(await actions()).toEqual(
    ['2026-10', '2027-02', '2027-03', '2027-04'].flatMap((month) => [
      `month.close ${month} mau-guard/schedule`,
      `month.trim ${month} mau-guard/schedule`,
    ]),
  );

  const noticed = kit.events.length;
  await kit.schedule.look();
  expect(kit.events).toHaveLength(noticed);
  expect(await actions()).toHaveLength(8);
});

test('nothing is closed while another gateway has the archive: it may be another one than the ledger knows', async () => {
  await fillMonths(kit.ledger, [OCTOBER]);
  const lease = await kit.book.take(DEFAULT_SERVICE, null);
  await kit.schedule.look();
  expect(await actions()).toEqual([]);
  await lease?.release();
  await kit.schedule.look();
  expect(await actions()).toEqual([
    'month.close 2026-10 mau-guard/schedule',
    'month.trim 2026-10 mau-guard/schedule',
  ]);
});

test('the mint log of a month never stays longer than its people', async () => {
  kit = createArchiveKit({ identityMonths: 3 });
  const months = [monthNamed('2028-02'), monthNamed('2028-03')];
  await fillMonths(kit.ledger, months);
  await kit.schedule.look();
  expect(await rowsOf('2028-02')).toEqual(EMPTY);
  expect((await rowsOf('2028-03')).mints).toHaveLength(5);
});

test('the running month and the one before stay, however short rows are kept', async () => {
  const months = [MAY_2028, monthNamed('2028-06')];
  await fillMonths(kit.ledger, months);
  const before = await Promise.all(months.map((month) => readMonth(kit.ledger, month)));
  await kit.schedule.look();
  expect(await Promise.all(months.map((month) => readMonth(kit.ledger, month)))).toEqual(before);
  expect(await actions()).toEqual([]);
});

test('a month that was put back is left alone for a week', async () => {
  await fillMonths(kit.ledger, [OCTOBER]);
  await kit.schedule.look();
  await kit.restore(OCTOBER);
  await kit.schedule.look();
  expect((await rowsOf('2026-10')).mints).toHaveLength(5);
  kit.clock.advance(8 * 86_400_000);
  await kit.schedule.look();
  expect(await rowsOf('2026-10')).toEqual(EMPTY);
});

test('of two gateways one does it, and one broken month does not hold up the others', async () => {
  await fillMonths(kit.ledger, [AUGUST, OCTOBER]);
  const other = createArchiveKit({ store: kit.store, root: kit.root, key: kit.key });
  await kit.close(AUGUST);
  const record = await kit.archive(AUGUST);
  await kit.keeper.work(DEFAULT_SERVICE, {
    kind: 'trim',
    month: AUGUST,
    rows: { mints: true, people: false },
  });
  await kit.folder.removeParts(record!.entry);
  await Promise.all([kit.schedule.look(), other.schedule.look()]);
  await kit.schedule.look();
  expect(await rowsOf('2026-10')).toEqual(EMPTY);
  expect((await rowsOf('2026-08')).people).toHaveLength(5);
  const done = [...kit.events, ...other.events].filter(
    (event) => event.event === 'archive.done' && event.kind === 'trim' && event.month === OCTOBER,
  );
  expect(done).toHaveLength(1);
  expect(kit.events).toContainEqual(expect.objectContaining({ event: 'archive.failed', month: AUGUST }));
});

test('conversations without a message in kept months are forgotten, and late messages of theirs are not taken', async () => {
  const [old, young] = [conversationSid(1), conversationSid(2)];
  const at = (month: string) => Date.parse(`${month}-10T09:00:00Z`);
  const message = (conversation: string, month: string): ConversationMark => ({
    ...{ kind: 'message', conversation, index: 3, author: null, at: at(month) },
  });
  const member = (conversation: string): ConversationMark => ({
    ...{ kind: 'member', conversation, identity: 'm_ada' as never, lastRead: null, at: at('2026-10') },
  });
  await kit.ledger.record(
    DEFAULT_SERVICE,
    [],
    [
      ...[message(old, '2026-10'), message(young, '2026-10'), message(young, '2027-05')],
      ...[member(old), member(young)],
    ],
  );
  await kit.schedule.look();
  const unread = async () => (await kit.ledger.unread(DEFAULT_SERVICE, 'm_ada' as never)).conversations;
  expect(await unread()).toEqual([{ sid: young, unread: 4 }]);
  await kit.ledger.record(DEFAULT_SERVICE, [], [message(old, '2026-10'), message(old, '2026-11')]);
  expect((await kit.ledger.totals(DEFAULT_SERVICE, OCTOBER)).conversations).toBe(2);
  await kit.ledger.record(DEFAULT_SERVICE, [], [message(old, '2028-06')]);
  expect(await unread()).toHaveLength(2);
});

test('what is under way when the gateway stops is gone on with by the next one', async () => {
  await fillMonths(kit.ledger, [OCTOBER]);
  const stopping = createArchiveKit({
    ...{ store: kit.store, root: kit.root, key: kit.key },
    onSettle: async () => void stopping.schedule.stop(),
  });
  await stopping.schedule.look().catch(() => {});
  expect(stopping.events.filter(({ event }) => event === 'archive.failed')).toEqual([]);
  expect((await rowsOf('2026-10')).mints).toHaveLength(5);
  await kit.schedule.look();
  expect(await rowsOf('2026-10')).toEqual(EMPTY);
});

test('a service that fails, and what fails of a month, hold up nothing else, and are told once', async () => {
  const broken = parseServiceName('broken')!;
  const [away, defect] = [new Error('away'), new TypeError('defect')];
  let isMended = false;
  kit = createArchiveKit({
    services: [broken, DEFAULT_SERVICE],
    through: (ledger) => ({
      ...ledger,
      months: (service) => (service === broken ? Promise.reject(away) : ledger.months(service)),
      retention: {
        ...ledger.retention,
        trimConversations: (service, before, after) =>
          service === broken
            ? Promise.reject(away)
            : ledger.retention.trimConversations(service, before, after),
      },
    }),
    close: (service, month, terms) =>
      month === AUGUST && !isMended ? Promise.reject(defect) : kit.closings.close(service, month, terms),
  });
  await fillMonths(kit.ledger, [AUGUST, OCTOBER]);
  await kit.schedule.look();
  await kit.schedule.look();
  expect(await rowsOf('2026-10')).toEqual(EMPTY);
  expect(kit.failures).toEqual([
    ['broken', away],
    [`default ${AUGUST}`, defect],
  ]);
  const failed = kit.events.filter(({ event }) => event === 'archive.failed');
  expect(failed).toMatchObject([{ kind: 'sweep', service: broken, failure: away }]);
  expect(kit.events).toContainEqual(
    expect.objectContaining({ event: 'archive.done', kind: 'sweep', service: DEFAULT_SERVICE }),
  );
  isMended = true;
  await kit.schedule.look();
  expect(await rowsOf('2026-08')).toEqual(EMPTY);
});
