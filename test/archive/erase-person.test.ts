import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createErasureDesk, type ErasureDesk } from '../../src/steering/erasure-desk.ts';
import { resolveIdentity } from '../ops/operator-app.ts';
import { ISSUER, ownIdentity } from '../ops/own-identity.ts';
import { mintTokens } from '../reports/fill-month.ts';
import { LEDGER_KINDS, ledgersOfBothKinds } from '../support/ledgers-of-both-kinds.ts';
import { type ArchiveKit, AUGUST, createArchiveKit, readMonth, SEPTEMBER } from './archive-kit.ts';

const openLedger = ledgersOfBothKinds();

describe.each(LEDGER_KINDS)('erasing somebody (%s)', (kind) => {
  const [ada, agent, eve] = [ownIdentity('ada'), ownIdentity('ada', 'agent'), ownIdentity('eve')];

  let kit: ArchiveKit;
  let desk: ErasureDesk;
  beforeEach(async () => {
    const store = await openLedger(kind);
    kit = createArchiveKit({ store });
    desk = createErasureDesk({
      ...{ ledger: kit.ledger, resolveIdentity, guestPrefix: 'g_' },
      classes: ['member', 'agent'],
      hasArchive: async () => true,
    });
    await mintTokens(kit.ledger, [
      { identity: ada, at: '2026-08-01T09:00:00Z' },
      { identity: eve, at: '2026-08-02T09:00:00Z' },
      { identity: agent, at: '2026-08-03T09:00:00Z', className: 'agent' },
    ]);
    await kit.close(AUGUST);
  });

  const erase = (subject: string) =>
    desk.erase(
      DEFAULT_SERVICE,
      { issuer: ISSUER, subject, expecting: null },
      {
        ...{ operator: { name: 'anna', role: 'admin' }, nowMs: kit.clock.now(), reason: 'request' },
        ...{ requestId: 'r', ifMatch: null, repeatable: null },
      },
    );

  /** Everything that the archive and the month in the ledger tell. */
  async function everything(): Promise<string> {
    const files = readdirSync(kit.folder.path)
      .map((name) => readFileSync(join(kit.folder.path, name)))
      .map((bytes) => (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString());
    return `${files.join('\n')}${JSON.stringify(await readMonth(kit.ledger, AUGUST))}`;
  }

  test('whose months are in the archive only takes them out of it', async () => {
    await kit.trim(AUGUST);
    expect(await erase('ada')).toMatchObject({ body: { erased: 0, months: [], archiveForgets: true } });
    await kit.schedule.look();
    const told = await everything();
    expect([ada, agent, eve].map((identity) => told.includes(identity))).toEqual([false, false, true]);
    expect(await kit.verify()).toMatchObject({ ok: true });
  });

  test('keeps a month that is put back at once from naming them', async () => {
    const { figures } = await readMonth(kit.ledger, AUGUST);
    await kit.trim(AUGUST);
    await erase('ada');
    await kit.restore(AUGUST);
    const told = await everything();
    expect([ada, agent, eve].map((identity) => told.includes(identity))).toEqual([false, false, true]);
    expect((await readMonth(kit.ledger, AUGUST)).figures).toEqual(figures);
  });

  test('who is known under one identity reaches the other one, which only the archive has', async () => {
    await kit.trim(AUGUST);
    await mintTokens(kit.ledger, [{ identity: ada, at: '2026-09-01T09:00:00Z' }]);
    expect(await erase('ada')).toMatchObject({ body: { erased: 1, months: [SEPTEMBER] } });
    await kit.restore(AUGUST);
    expect(await everything()).not.toContain(agent);
  });

  test('twice before the archive has forgotten them leaves one pseudonym, there and in the ledger', async () => {
    await kit.archive(AUGUST);
    expect(await erase('ada')).toMatchObject({ body: { erased: 2 } });
    expect(await erase('ada')).toMatchObject({ body: { erased: 0 } });
    await kit.restore(AUGUST);
    await kit.trim(AUGUST);
    expect(await kit.book.readTrouble(DEFAULT_SERVICE, AUGUST)).toBeNull();
    expect(await everything()).not.toContain(ada);
  });

  test('whom nobody knows leaves the archive as it is', async () => {
    await kit.archive(AUGUST);
    await erase('nobody');
    await kit.restore(AUGUST);
    expect(await kit.verify()).toMatchObject({ ok: true, entries: 1 });
    expect(await kit.book.readErasures(DEFAULT_SERVICE)).toEqual([]);
  });
});
