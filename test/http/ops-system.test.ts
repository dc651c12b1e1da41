import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { Month } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import {
  createOperatorApp,
  gatewayState,
  NOW,
  type OperatorApp,
  type OperatorAppOptions,
  VIEWER,
} from '../ops/operator-app.ts';
import { mintTokens } from '../reports/fill-month.ts';

let gateway: OperatorApp;
let away = false;
async function restart(options: OperatorAppOptions = {}): Promise<void> {
  await gateway?.ledger.close();
  away = false;
  gateway = createOperatorApp({ spoil: () => away, ...options });
}
beforeEach(() => restart());
afterEach(async () => {
  away = false;
  await gateway.ledger.close();
});

const page = (path = '/ops/system') => request(gateway.app).get(path).set(VIEWER);

describe('the system page', () => {
  it('says what runs, where the ledger is, how it answers, and what came last', async () => {
    const nowMs = Date.parse(NOW);
    await restart({
      ledger: { ping: async () => nowMs + 40 },
      gateway: gatewayState(nowMs, {
        journalBytes: 4_096,
        seen: { webhook: nowMs - 90_000, beacon: null },
        keys: {
          default: { current: 'SK_new', previous: 'SK_old' },
          shop: { current: 'SK_shop', previous: null },
        },
      }),
    });
    const { text } = await page().expect(200);
    for (const words of [
      'mau-guard 1.2.3 on Node.js v20.20.2',
      '2026-11-20 20:00 UTC, 60 min',
      'default, shop',
      'Redis Cluster',
      '<code>SK_new</code>; <code>SK_old</code> is being rotated out',
      '40 ms ahead of ours',
      '3.3 MiB on 3 servers',
      '4.0 KiB',
      '90 s ago',
      'none since the start',
      'never read',
      'All well',
      '<code>mau-guard doctor</code>',
    ]) {
      expect(text).toContain(words);
    }
    expect(text).not.toContain('SK_shop');
    expect((await page('/ops/system?service=shop')).text).toContain('<td><code>SK_shop</code></td>');
  });

  it('tells what the figures say about the wiring', async () => {
    await restart({ ledger: { ping: async () => Date.parse(NOW) } });
    const people = Array.from({ length: 12 }, (_, index) => ({
      identity: `m_${index}`,
      at: '2026-11-03T10:00:00Z',
    }));
    await mintTokens(gateway.ledger, people);
    const { text } = await page().expect(200);
    expect(text).toContain('2 findings');
    expect(text).toContain('Tokens were minted for 12 identities, and nobody was seen to connect.');
    expect((await page('/ops/system?service=shop').expect(200)).text).toContain(
      'Nothing stands out in the figures of November 2026.',
    );
  });

  it('warns of a clock that is another one', async () => {
    await restart({ ledger: { ping: async () => Date.parse(NOW) - 61_000 } });
    const { text } = await page().expect(200);
    expect(text).toContain('Clocks differ');
    expect(text).toContain('61,000 ms behind ours');
  });

  it('says how old the figure of Twilio is', async () => {
    const text = JSON.stringify({ pulledAt: '2026-11-20T18:00:00.000Z', figures: { count: 3 } });
    const document = { name: 'twilio:usage:2026-11-20T18:00:00.000Z', text };
    await gateway.ledger.keepDocument(DEFAULT_SERVICE, '2026-11' as Month, document);
    expect((await page()).text).toContain('November 2026, read 3 h ago');
  });

  it('goes without the memory where only that is not to be had', async () => {
    await restart({
      gateway: { ...gatewayState(Date.parse(NOW)), readMemory: () => Promise.reject(new Error('x')) },
    });
    const { text } = await page().expect(200);
    expect(text).not.toContain('Its memory');
  });

  it('says what it knows while the ledger is away', async () => {
    away = true;
    const { text } = await page().expect(503);
    expect(text).toContain('The ledger does not answer.');
    expect(text).toContain('mau-guard 1.2.3');
    expect(text).not.toContain('All well');
    expect(text).not.toContain('Its clock');
  });

  it('is for operators', async () => {
    const { text } = await request(gateway.app).get('/ops/system').expect(200);
    expect(text).toContain('action="/ops/login"');
    expect(text).not.toContain('1.2.3');
  });
});
