import { expect } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { TokenAnswer } from '../../src/contract.ts';
import type { Month } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { Page, PageRequest } from '../../src/ledger/page.ts';
import type { IdentityRecord, MintRecord } from '../../src/ledger/records.ts';
import { askForToken } from './answers.ts';
import { SIGNING, signShared } from './configured.ts';

export interface Crowd {
  /** Every token that any of them received, whole. */
  received: TokenAnswer[];
  /** Resolves when none of them gets an answer any more. */
  gone: Promise<void>;
  /** Resolves when so many tokens were received. */
  served(count: number): Promise<void>;
  /** Nobody asks again after this. */
  dismiss(): void;
}

let crowds = 0;

/** Strangers who ask a gateway for a token, one after the other in several rows, until it is gone or they are sent away. */
export function gatherCrowd(url: string, rows: number): Crowd {
  const received: TokenAnswer[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const crowd = ++crowds;
  let dismissed = false;

  async function stand(row: number): Promise<void> {
    for (let place = 0; !dismissed; place++) {
      const login = await signShared(`stranger ${crowd}.${row}.${place}`);
      let text: string;
      try {
        const response = await askForToken(url, login);
        text = await response.text();
        if (response.status !== 200) continue;
      } catch {
        return;
      }
      received.push(JSON.parse(text) as TokenAnswer);
      for (const { count, resolve } of waiting) if (received.length >= count) resolve();
    }
  }

  const gone = Promise.all(Array.from({ length: rows }, (_, row) => stand(row))).then(() => {});
  return {
    received,
    gone,
    served: (count) =>
      Promise.race([
        new Promise<void>((resolve) => {
          waiting.push({ count, resolve });
        }),
        gone.then(() => {
          throw new Error(`the gateway was gone after ${received.length} tokens`);
        }),
      ]),
    dismiss() {
      dismissed = true;
    },
  };
}

/**
 * Asserts that each token stands in the mint log under its ordinal, as it is, and its holder in the month; and that
 * the sums of the ledger are those of its sets. Answers how many mints are there that nobody received.
 */
export async function expectAllCounted(ledger: Ledger, received: readonly TokenAnswer[]): Promise<number> {
  let surplus = 0;
  for (const month of new Set(received.map((answer) => answer.month as Month))) {
    const mints = await readAll<MintRecord>((page) => ledger.mints(DEFAULT_SERVICE, month, page));
    const people = await readAll<IdentityRecord>((page) => ledger.identities(DEFAULT_SERVICE, month, page));
    const byOrdinal = new Map(mints.map((mint) => [mint.ordinal, mint]));
    const identities = new Set<string>(people.map(({ identity }) => identity));
    const answers = received.filter((answer) => answer.month === month);
    for (const { token, identity } of answers) {
      const { jti, iat, exp } = decodeJwt(token);
      const [keySid, issuedAt, ordinal] = (jti ?? '').split('-');
      expect({ keySid, issuedAt: Number(issuedAt) }).toEqual({ keySid: SIGNING.keySid, issuedAt: iat });
      expect({ ...byOrdinal.get(Number(ordinal)) }).toMatchObject({
        identity,
        issuedAt: iat,
        expiresAt: exp,
      });
      expect(identities).toContain(identity);
    }
    expect(new Set(answers.map(({ token }) => decodeJwt(token).jti)).size).toBe(answers.length);
    const totals = await ledger.totals(DEFAULT_SERVICE, month);
    expect(totals.all).toBe(people.length);
    expect(totals.masks.reduce((sum, mask) => sum + mask.identities, 0)).toBe(people.length);
    expect(totals.minted).toBe(mints.length);
    surplus += mints.length - answers.length;
  }
  return surplus;
}

async function readAll<Item>(read: (page: PageRequest) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let after: string | null = null;
  do {
    const page: Page<Item> = await read({ after, limit: 1000 });
    items.push(...page.items);
    after = page.next;
  } while (after !== null);
  return items;
}
