import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createBeaconTokens } from '../../src/auth/beacon-tokens.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createMinter } from '../../src/issue/mint.ts';
import type { Admitted } from '../../src/ledger/ledger.ts';
import { ACCOUNT, SERVICE } from '../config/support.ts';
import { grantsOf, NOW_SECONDS, SIGNING_KEY, twilioToken } from '../http/beacon-kit.ts';

const NOW_MS = NOW_SECONDS * 1000;
const OURS = { name: DEFAULT_SERVICE, accountSid: ACCOUNT, serviceSid: SERVICE, previousApiKey: null };

const open = (rememberedMax = 10) =>
  createBeaconTokens({ services: [{ ...OURS, apiKey: SIGNING_KEY }], rememberedMax });

describe('beacon tokens', () => {
  test('are those that the minter signs', async () => {
    const more = { region: 'ie1', pushCredentialSid: `CR${'7'.repeat(32)}`, roleSids: {}, ttlSeconds: 3600 };
    const minter = createMinter({ ...OURS, ...more, service: DEFAULT_SERVICE, apiKey: SIGNING_KEY });
    const life = { issuedAt: NOW_SECONDS, expiresAt: NOW_SECONDS + 3600 };
    const admitted = { outcome: 'new', identity: 'm_ada', ordinal: 1, month: '2026-11', ...life } as Admitted;
    expect(await open().verify(minter.mint(admitted, 'member'), NOW_MS)).toEqual({
      ...{ outcome: 'verified', service: 'default', name: 'm_ada' },
      ...life,
    });
  });

  test('are verified once: the second time there is nothing to wait for', async () => {
    const tokens = open();
    const first = await tokens.verify(twilioToken(), NOW_MS);
    expect(tokens.verify(twilioToken(), NOW_MS)).toBe(first);
  });

  test('that were refused are not remembered', async () => {
    const tokens = open();
    const early = NOW_MS - 3_600_000;
    expect(await tokens.verify(twilioToken(), early)).toMatchObject({ reason: 'issued-in-future' });
    expect(await tokens.verify(twilioToken(), NOW_MS)).toMatchObject({ outcome: 'verified' });
  });

  test('are remembered up to a bound', async () => {
    const tokens = open(2);
    const three = ['m_a', 'm_b', 'm_c'].map((identity) => twilioToken({ claims: grantsOf(identity) }));
    for (const token of three) await tokens.verify(token, NOW_MS);
    const waits = three.map((token) => tokens.verify(token, NOW_MS) instanceof Promise);
    expect(waits).toEqual([true, false, false]);
  });

  test('changed in any place are refused, also beside a remembered good one, and never an exception', async () => {
    const tokens = open();
    const good = twilioToken();
    await tokens.verify(good, NOW_MS);
    const change = fc.tuple(fc.nat(good.length - 1), fc.constantFrom(...'Az09-_.=+/ \u0000é'), fc.nat(2));
    await fc.assert(
      fc.asyncProperty(change, async ([place, character, removed]) => {
        const token = good.slice(0, place) + character + good.slice(place + removed);
        // The last character of a signature holds 4 bits: others may mean the same bytes.
        fc.pre(place < good.length - 1 && token !== good);
        expect(await tokens.verify(token, NOW_MS)).toMatchObject({ code: 'unauthenticated' });
      }),
      { numRuns: 500 },
    );
  });

  test('with any claims and header at all are verified or refused, never an exception', async () => {
    const tokens = open();
    const parts = fc.record(
      {
        iat: fc.anything(),
        exp: fc.anything(),
        sub: fc.anything(),
        grants: fc.anything(),
        nbf: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const headers = fc.record(
      { cty: fc.anything(), typ: fc.anything(), crit: fc.anything(), kid: fc.anything(), b64: fc.anything() },
      { requiredKeys: [] },
    );
    const json = (value: object) =>
      JSON.parse(JSON.stringify(value, (_key, each) => (typeof each === 'bigint' ? 1 : each)));
    await fc.assert(
      fc.asyncProperty(parts, headers, async (claims, header) => {
        const token = twilioToken({ claims: json(claims), header: json(header) });
        const { outcome } = await tokens.verify(token, NOW_MS);
        expect(['verified', 'refused']).toContain(outcome);
      }),
      { numRuns: 300 },
    );
  });
});
