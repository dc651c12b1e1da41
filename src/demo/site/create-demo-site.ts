import { randomBytes } from 'node:crypto';
import type { DemoVisitors } from '../demo-visitors.ts';
import type { DemoTwilio } from '../start-demo-twilio.ts';
import { type DemoFile, findFile } from './find-file.ts';

/** The demo's two shops: one connects everybody who comes by, the other whoever opens the chat. */
export type DemoShop = 'eager' | 'lazy';

/** What has come of one shop since the demo was started. */
export interface DemoTally {
  /** Page views, each by another person. */
  visitors: number;
  /** Identities that the fake Twilio bills. */
  billed: number;
}

/** The pages at `/demo` and what stands behind them. */
export interface DemoSite {
  /** Null when there is no such file. */
  file(name: string): DemoFile | null;
  /** Where the pages connect to, besides this gateway. */
  sockets: readonly string[];
  /** Somebody looks at a shop's page. */
  countVisitor(shop: DemoShop): void;
  /** What a shop's page begins with: a token for whoever asks, or an app login to ask the gateway with. */
  open(shop: DemoShop): { socketUrl: string; token: string } | { socketUrl: string; login: string };
  tally(shop: DemoShop): DemoTally;
}

export function createDemoSite(twilio: DemoTwilio, visitors: DemoVisitors): DemoSite {
  const { guarded, unguarded } = twilio;
  const seen = { eager: 0, lazy: 0 };
  // Twilio remembers an earlier start of the gateway; the shops open anew.
  const before = guarded.billed();
  /** In a new month there is nobody from before. */
  const sinceStart = (billed: number) => (billed < before ? billed : billed - before);
  return {
    file: findFile,
    sockets: [guarded.socketUrl, unguarded.socketUrl],
    countVisitor: (shop) => {
      seen[shop] += 1;
    },
    open: (shop) =>
      shop === 'lazy'
        ? { socketUrl: guarded.socketUrl, login: visitors.next() }
        : {
            socketUrl: unguarded.socketUrl,
            token: unguarded.signToken(`visitor-${randomBytes(9).toString('base64url')}`),
          },
    tally: (shop) => ({
      visitors: seen[shop],
      billed: shop === 'lazy' ? sinceStart(guarded.billed()) : unguarded.billed(),
    }),
  };
}
