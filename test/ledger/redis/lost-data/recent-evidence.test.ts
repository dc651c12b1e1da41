import { expect, test } from '@jest/globals';
import { DEFAULT_SERVICE } from '../../../../src/domain/service-name.ts';
import { RecentEvidence } from '../../../../src/ledger/redis/lost-data/recent-evidence.ts';
import { evidenceOf, freshServiceName } from '../../contract/builders.ts';

const MINUTE_MS = 60_000;
const AT = '2026-11-20T09:00:00Z';

const told = (recent: RecentEvidence, service = DEFAULT_SERVICE) =>
  [...recent.of(service)].flatMap(({ evidence }) => evidence.map(({ identity }) => String(identity)));

test('what is older than five minutes is forgotten as soon as there is something newer', () => {
  const recent = new RecentEvidence();
  const other = freshServiceName();
  recent.note(DEFAULT_SERVICE, [evidenceOf('ann', 'connected', AT)], [], 0);
  recent.note(other, [evidenceOf('bob', 'connected', AT)], [], MINUTE_MS);
  recent.note(DEFAULT_SERVICE, [evidenceOf('cid', 'connected', AT)], [], 5 * MINUTE_MS);
  expect([told(recent), told(recent, other)]).toEqual([['ann', 'cid'], ['bob']]);
  recent.note(DEFAULT_SERVICE, [evidenceOf('dan', 'connected', AT)], [], 5 * MINUTE_MS + 1);
  expect([told(recent), told(recent, other)]).toEqual([['cid', 'dan'], ['bob']]);
  recent.note(DEFAULT_SERVICE, [evidenceOf('eve', 'connected', AT)], [], 60 * MINUTE_MS);
  expect([told(recent), told(recent, other)]).toEqual([['eve'], []]);
});

test('comes back as it was, in its order, without what brought nothing', () => {
  const recent = new RecentEvidence();
  const evidence = [evidenceOf('ann', 'messaged', AT, { source: 'beacon', className: 'agent' })];
  recent.note(DEFAULT_SERVICE, evidence, [], 0);
  recent.note(DEFAULT_SERVICE, [], [], 0);
  expect([...recent.of(DEFAULT_SERVICE)]).toEqual([
    { kind: 'evidence', service: DEFAULT_SERVICE, evidence, marks: [] },
  ]);
});
