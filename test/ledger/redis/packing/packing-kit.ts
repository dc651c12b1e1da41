import { afterAll, beforeAll } from '@jest/globals';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { type Identity, parseIdentity } from '../../../../src/domain/identity.ts';
import { type Month, monthEndSeconds, monthStartSeconds } from '../../../../src/domain/month.ts';
import { EVIDENCE_SOURCES, SIGNALS } from '../../../../src/domain/signal.ts';
import type { Ledger } from '../../../../src/ledger/ledger.ts';
import type { IdentityRecord } from '../../../../src/ledger/records.ts';
import { openTestRedisLedger } from '../../../support/redis-ledger.ts';
import { type RedisServer, startRedisServer } from '../../../support/redis-server.ts';
import { monthNamed } from '../../contract/builders.ts';

/** Three bytes. */
export const U24_MAX = 0xff_ffff;
export const U32_MAX = 0xffff_ffff;

/** The shortest and the longest months, the first that there is, and the last whose seconds fit into four bytes. */
export const MONTHS = ['1970-01', '2026-02', '2028-02', '2026-11', '2026-12', '2106-01'].map(monthNamed);

export interface PackingStore {
  readonly ledger: Ledger;
  /** Reads and writes bytes past the ledger. */
  readonly admin: Redis;
}

/** One Redis for the tests of a file; each property takes a service of its own. */
export function usePackingStore(): PackingStore {
  let server: RedisServer;
  let opened: PackingStore;
  beforeAll(async () => {
    server = await startRedisServer();
    opened = {
      ledger: await openTestRedisLedger({ kind: 'single', url: server.url }),
      admin: new Redis(server.url, { protocol: 2, disconnectTimeout: 100 }),
    };
  });
  afterAll(async () => {
    opened.admin.disconnect();
    await opened.ledger.close();
    await server.stop();
  });
  return {
    get ledger() {
      return opened.ledger;
    },
    get admin() {
      return opened.admin;
    },
  };
}

/** Some runs of a property, each of which asks a real Redis; a failure has time to be made small. */
export const RUNS = { numRuns: 60, interruptAfterTimeLimit: 12_000, markInterruptAsFailure: false };

const ALPHABET = [...'ABCXYZabcxyz0189._~@+-'];

/** Of every length that Twilio takes, the longest more often than chance would have it. */
export const identities: fc.Arbitrary<Identity> = fc
  .oneof(
    { weight: 3, arbitrary: text(1, 40) },
    { weight: 2, arbitrary: text(256, 256) },
    { weight: 1, arbitrary: text(1, 1) },
    { weight: 1, arbitrary: text(250, 256) },
  )
  .filter((one) => parseIdentity(one) !== null)
  .map((one) => one as Identity);

function text(minLength: number, maxLength: number) {
  return fc.string({ unit: fc.constantFrom(...ALPHABET), minLength, maxLength, size: 'max' });
}

/** Anything that a login or a configuration may call a class, a tenant, an intent or a rule. */
export const names: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', ':', '|', '=', 'all', 'class:1', '__proto__', '#epoch', '\0', 'x'.repeat(300)),
);

export const months: fc.Arbitrary<Month> = fc.constantFrom(...MONTHS);

/** A number of at most so much, the ends of the range more often than chance would have it. */
export function numberUpTo(max: number): fc.Arbitrary<number> {
  const edges = [0, 1, 255, 256, 65_535, 65_536, max - 1, max].filter((edge) => edge >= 0 && edge <= max);
  return fc.oneof(fc.constantFrom(...edges), fc.nat(max));
}

/** Whole seconds since the epoch within a month, often at its ends or at a full minute, hour or day. */
export function secondIn(month: Month): fc.Arbitrary<number> {
  const [starts, ends] = [monthStartSeconds(month), monthEndSeconds(month)];
  const edges = [0, 59, 60, 3_599, 3_600, 86_399, 86_400, ends - starts - 1];
  return fc.oneof(fc.constantFrom(...edges), fc.nat(ends - starts - 1)).map((offset) => starts + offset);
}

/** A record as any sequence of mints and evidence could have left it, and many that none could. */
export function recordIn(month: Month): fc.Arbitrary<IdentityRecord> {
  const stamp = fc.record({ at: secondIn(month), source: fc.constantFrom(...EVIDENCE_SOURCES) });
  return fc
    .record({
      ...{ identity: identities, className: names, tenant: fc.option(names) },
      ...{ one: secondIn(month), other: secondIn(month), mints: numberUpTo(U24_MAX) },
      ...{ mask: fc.oneof(fc.constantFrom(0, 4_095, 511, 3_584), fc.nat(4_095)) },
      stamps: fc.tuple(...SIGNALS.map(() => stamp)),
    })
    .map(({ one, other, stamps, ...record }) => ({
      ...record,
      firstSeen: Math.min(one, other),
      lastSeen: Math.max(one, other),
      signals: SIGNALS.flatMap((signal, bit) => {
        const { at, source } = stamps[bit]!;
        return (record.mask & (1 << bit)) === 0 ? [] : [{ signal, firstAt: at - (at % 60), source }];
      }),
    }));
}
