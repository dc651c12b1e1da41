import { expect, test } from '@jest/globals';
import { gatherEvidence } from '../../../src/ledger/redis/evidence/gather-evidence.ts';
import { conversationSid, evidenceOf } from '../contract/builders.ts';

const READ = 16;

function readOf(index: number, at: string, room = 1) {
  return evidenceOf('ann', 'read', at, { upTo: { conversation: conversationSid(room), index } });
}

const seen = (at: string) => evidenceOf('ann', 'connected', at);

/** Of each round the signals of the first piece, the index of the read that it depends on, and the bounds. */
function roundsOf(...evidence: Parameters<typeof gatherEvidence>[0][number][]) {
  const [rounds = []] = gatherEvidence(evidence).values();
  return rounds.map((people) =>
    people.map(({ pieces: [piece], read, firstAt, lastAt }) => [
      ...[piece?.signals, read?.index ?? null, lastAt - firstAt],
    ]),
  );
}

const [AT, LATER] = ['2026-11-20T09:00:00Z', '2026-11-20T09:00:20Z'];

test('a read stands with what the same event tells besides', () => {
  expect(roundsOf(readOf(4, AT), seen(AT))).toEqual([[[READ + 2, 4, 0]]]);
  expect(roundsOf(seen(AT), readOf(4, AT), seen(LATER))).toEqual([[[READ + 2, 4, 20]]]);
});

test('a read beyond what is certain has an entry of its own', () => {
  expect(roundsOf(readOf(4, LATER), seen(AT))).toEqual([[[2, null, 0]], [[READ, 4, 0]]]);
  expect(roundsOf(readOf(4, AT))).toEqual([[[READ, 4, 0]]]);
});

test('so has each of several that may be proved each for itself', () => {
  const several = [readOf(5, LATER), readOf(4, AT), readOf(4, AT, 2), seen(AT), seen(LATER)];
  expect(roundsOf(...several)).toEqual([[[READ + 2, 4, 20]], [[READ, 4, 0]], [[READ, 5, 0]]]);
});

test('what cannot be proved without the other, and tells nothing more, is left out', () => {
  const needless = [readOf(4, LATER), readOf(3, LATER), readOf(4, AT), seen(AT), seen(LATER)];
  expect(roundsOf(...needless)).toEqual([[[READ + 2, 4, 20]]]);
  // Nobody was seen at that instant otherwise.
  expect(roundsOf(readOf(4, LATER), readOf(4, AT))).toEqual([[[READ, 4, 0]], [[READ, 4, 0]]]);
});

test('a read that is certain needs no other, and stands as it is', () => {
  const certain = evidenceOf('ann', 'read', AT, { source: 'backfill' });
  expect(roundsOf(certain, readOf(4, '2026-11-20T09:01:00Z'), seen('2026-11-20T09:02:00Z'))).toEqual([
    [[READ, null, 120]],
  ]);
  expect(roundsOf(certain, readOf(4, AT))).toEqual([[[READ, null, 0]], [[READ, 4, 0]]]);
});
