import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { GatewayError } from '../../../src/domain/gateway-error.ts';
import { DEFAULT_SERVICE } from '../../../src/domain/service-name.ts';
import { planTokenLife } from '../../../src/domain/token-life.ts';
import { createMinter } from '../../../src/issue/mint.ts';
import { createJournalKeeper } from '../../../src/ledger/journal/keep-journal.ts';
import { openLedgerJournal } from '../../../src/ledger/journal/open-ledger-journal.ts';
import type { JournalEvent, JournalKeeper } from '../../../src/ledger/journal/ports.ts';
import type { AdmitRequest, Admitted, Ledger, LedgerRefusal } from '../../../src/ledger/ledger.ts';
import { KnownPeople } from '../../../src/ledger/outage/known-people.ts';
import { withKnownPeople } from '../../../src/ledger/outage/with-known-people.ts';
import { openSqliteLedger } from '../../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { timeLedger } from '../../../src/ledger/timed-ledger.ts';
import { identityOf, monthNamed } from '../contract/builders.ts';

export interface OutageCase {
  /** What the issuing path sees. */
  ledger: Ledger;
  /** The same store as it is. */
  store: Ledger;
  people: KnownPeople;
  /** While true, every call of the store fails. */
  isAway: boolean;
  events: JournalEvent[];
  served: string[];
  admit(person: string, at: string, rest?: Partial<AdmitRequest>): Promise<Admitted | LedgerRefusal>;
  /** The `jti` of the token that is signed for an admission. */
  jtiOf(admitted: Admitted): string;
  /** Lets go of the journal and opens it anew, as another process would. */
  restart(): Promise<void>;
  untilReplayed(): Promise<void>;
  close(): Promise<void>;
}

export interface OutageOptions {
  journal?: boolean;
  bytesMax?: number;
}

const HEADER_BYTES = 20;

/** A ledger in memory behind a store that can be taken away, with a real journal. */
export function openOutageCase({ journal = true, bytesMax = 1_000_000 }: OutageOptions = {}): OutageCase {
  const folder = mkdtempSync(join(tmpdir(), 'mau-guard-outage-'));
  const store = timeLedger(openSqliteLedger({ path: ':memory:' }), () => {});
  const [events, served]: [JournalEvent[], string[]] = [[], []];
  const minter = createMinter({
    ...{ service: DEFAULT_SERVICE, accountSid: `AC${'1'.repeat(32)}`, serviceSid: `IS${'2'.repeat(32)}` },
    ...{ apiKey: { sid: `SK${'3'.repeat(32)}`, secret: 'secret' }, region: null, pushCredentialSid: null },
    ...{ roleSids: {}, ttlSeconds: 3_600 },
  });
  let keeper: JournalKeeper | null = null;

  const fail = () => Promise.reject(new GatewayError('ledger-unavailable', 'away'));
  const behindSwitch: Ledger = {
    ...store,
    admit: (request) => (c.isAway ? fail() : store.admit(request)),
    standing: (request) => (c.isAway ? fail() : store.standing(request)),
    preview: (request) => (c.isAway ? fail() : store.preview(request)),
    adopt: (service, adoption) => (c.isAway ? fail() : store.adopt(service, adoption)),
    identityFile: (service, identity) => (c.isAway ? fail() : store.identityFile(service, identity)),
    countRefusal: (...refusal) => (c.isAway ? fail() : store.countRefusal(...refusal)),
    replay: (service, mints) => (c.isAway ? fail() : store.replay(service, mints)),
    record: (service, evidence, marks) => (c.isAway ? fail() : store.record(service, evidence, marks)),
  };

  function open(): void {
    keeper = journal
      ? createJournalKeeper({
          ledger: behindSwitch,
          journal: openLedgerJournal({ path: join(folder, 'journal'), bytesMax }),
          sleep: (_ms, signal) => pause(5, undefined, { signal }).catch(() => {}),
          onEvent: (event) => events.push(event),
        })
      : null;
    c.people = new KnownPeople(100);
    c.ledger = withKnownPeople({
      ...{ ledger: behindSwitch, people: c.people, journal: keeper },
      onServed: (outcome) => served.push(outcome),
    });
    keeper?.start();
  }

  const c: OutageCase = {
    ...{ ledger: store, store, people: new KnownPeople(1), isAway: false, events, served },
    admit: (person, at, rest = {}) =>
      c.ledger.admit({
        ...{ service: DEFAULT_SERVICE, identity: identityOf(person), className: 'member', tenant: null },
        ...{ intent: 'open_chat', rule: 'open-chat', life: planTokenLife(Date.parse(at), 3_600, 0) },
        ...{ policyMark: 1, knownOnly: false, needsReason: false, hidden: false, ...rest },
      }),
    jtiOf(admitted) {
      const [, payload] = minter.mint(admitted, 'member').split('.');
      return (JSON.parse(Buffer.from(payload!, 'base64url').toString()) as { jti: string }).jti;
    },
    async restart() {
      await keeper?.stop();
      open();
    },
    async untilReplayed() {
      for (let attempt = 0; (keeper?.bytes() ?? 0) > HEADER_BYTES; attempt++) {
        if (attempt > 1_000) throw new Error('the journal is not emptied');
        await pause(5);
      }
    },
    async close() {
      await keeper?.stop();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  open();
  return c;
}

/** Everybody of a month, and its mint log. */
export async function readBooks({ store }: OutageCase, month: string) {
  const page = { after: null, limit: 1_000 };
  const people = await store.identities(DEFAULT_SERVICE, monthNamed(month), page);
  const mints = await store.mints(DEFAULT_SERVICE, monthNamed(month), page);
  const totals = await store.totals(DEFAULT_SERVICE, monthNamed(month));
  return { people: people.items, mints: mints.items, totals };
}
