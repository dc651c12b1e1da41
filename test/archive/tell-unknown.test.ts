import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { ArchiveEvent } from '../../src/archive/ports.ts';
import { createUnknownTeller } from '../../src/archive/tell-unknown.ts';
import { DEFAULT_SERVICE, parseServiceName } from '../../src/domain/service-name.ts';
import { untilYes } from '../support/ask-redis.ts';
import { type ArchiveKit, AUGUST, createArchiveKit, createFilledKit, OCTOBER } from './archive-kit.ts';

const BROKEN = parseServiceName('broken')!;

/** What is told until the ledger has answered, and a moment later; it does not answer at first. */
async function toldBy(
  kit: ArchiveKit,
  { failing = 0, tells = true, services = [DEFAULT_SERVICE], failures = [] as unknown[] } = {},
): Promise<ArchiveEvent[]> {
  const told: ArchiveEvent[] = [];
  let asked = 0;
  const teller = createUnknownTeller({
    book: {
      async readHead(service) {
        asked += 1;
        if (asked <= failing || service === BROKEN) throw new Error('away');
        return kit.book.readHead(service);
      },
    },
    folderOf: () => kit.folder,
    services,
    onEvent: (event) => void told.push(event),
    onFailure: (service, failure) => void failures.push([service, String(failure)]),
    sleep: () => sleep(1),
  });
  teller.start();
  await untilYes('it has asked', async () => asked > failing && (!tells || told.length > 0));
  // Time to tell it again.
  await sleep(50);
  await teller.stop();
  return told;
}

test('a blank ledger beside a full folder is told once, also when it answers late', async () => {
  const full = await createFilledKit({ closed: [AUGUST, OCTOBER], archived: [AUGUST, OCTOBER] });
  const blank = createArchiveKit({ root: full.root, key: full.key });
  const event = {
    ...{ event: 'archive.unknown', service: DEFAULT_SERVICE, months: 2 },
    ...{ oldest: AUGUST, newest: OCTOBER },
  };
  expect(await toldBy(blank)).toEqual([event]);
  expect(await toldBy(blank, { failing: 3 })).toEqual([event]);
});

test('a service of which the ledger tells nothing hides no other, and is told once', async () => {
  const full = await createFilledKit({ closed: [AUGUST], archived: [AUGUST] });
  const blank = createArchiveKit({ root: full.root, key: full.key });
  const failures: unknown[] = [];
  const told = await toldBy(blank, { services: [BROKEN, DEFAULT_SERVICE], failures });
  expect(told).toMatchObject([{ event: 'archive.unknown', service: DEFAULT_SERVICE }]);
  expect(failures).toEqual([['broken', 'Error: away']]);
});

test('nothing is told of a folder that the ledger knows, or that is empty', async () => {
  const known = await createFilledKit({ closed: [AUGUST], archived: [AUGUST] });
  expect(await toldBy(known, { tells: false })).toEqual([]);
  expect(await toldBy(createArchiveKit(), { tells: false })).toEqual([]);
});
