import { expect, test } from '@jest/globals';
import { gatherEvidence } from '../../../src/ledger/redis/evidence/gather-evidence.ts';
import { evidenceOf } from '../contract/builders.ts';

test('evidence of a person in a month becomes one entry, of a signal its earliest minute', () => {
  const gathered = gatherEvidence([
    evidenceOf('ann', 'messaged', '2026-11-01T00:02:59.999Z'),
    evidenceOf('ann', 'connected', '2026-11-01T00:01:10Z'),
    evidenceOf('ann', 'messaged', '2026-11-01T00:01:00Z'),
    evidenceOf('bob', 'joined', '2026-11-01T00:00:00Z'),
    evidenceOf('ann', 'joined', '2026-12-01T00:00:00Z'),
  ]);
  expect([...gathered.keys()]).toEqual(['2026-11', '2026-12']);
  const [ann, bob] = gathered.get('2026-11' as never)![0]!;
  expect(ann).toMatchObject({ identity: 'ann', pieces: [{ signals: 2 + 4, minute: 1, source: 2 }] });
  expect(ann!.lastAt - ann!.firstAt).toBe(119);
  expect(bob).toMatchObject({ identity: 'bob', pieces: [{ signals: 8, minute: 0, source: 2 }] });
  expect(gathered.get('2026-12' as never)).toMatchObject([[{ pieces: [{ signals: 8, minute: 0 }] }]]);
});

test('at the same minute the first in the list of sources stands; several sources are several pieces', () => {
  const at = '2026-11-01T00:01:00Z';
  const gathered = gatherEvidence([
    evidenceOf('ann', 'read', at, { source: 'event-stream' }),
    evidenceOf('ann', 'read', '2026-11-01T00:01:30Z', { source: 'webhook' }),
    evidenceOf('ann', 'connected', at, { source: 'beacon' }),
  ]);
  expect(gathered.get('2026-11' as never)?.[0]?.[0]?.pieces).toEqual([
    { signals: 16, minute: 1, source: 2 },
    { signals: 2, minute: 1, source: 4 },
  ]);
});
