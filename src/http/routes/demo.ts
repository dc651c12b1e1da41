import { Router } from 'express';
import { refused } from '../../domain/refusal.ts';

/** The demo's two shops: one connects everybody who comes by, the other whoever opens the chat. */
type Shop = 'eager' | 'lazy';

/** What demo mode has to show; money and ledger come from the gateway. */
export interface DemoRoutesDeps {
  site: {
    file(name: string): { type: string; body: Buffer } | null;
    /** Where the pages connect to, besides this gateway. */
    sockets: readonly string[];
    countVisitor(shop: Shop): void;
    open(shop: Shop): object;
    tally(shop: Shop): { visitors: number; billed: number };
  };
  /** Dollars that so many active users cost. */
  costOf(users: number): number;
  /** Identities in the ledger this month. */
  countLedger(): Promise<number>;
}

/** A page that loads and runs nothing but this gateway's files, and connects to nothing but it and the fake Twilio. */
const policy = (sockets: readonly string[], framedBy: "'none'" | "'self'") =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${sockets.join(' ')}`,
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${framedBy}`,
  ].join('; ');

/** The demo page; to be mounted at `/demo`, in demo mode only. Everybody on this machine may use it. */
export function createDemoRoutes({ site, costOf, countLedger }: DemoRoutesDeps): Router {
  const router = Router({ caseSensitive: true });
  // The ledger outlives a start, the fake Twilio does not: both are shown from here on.
  let before: Promise<number> | null = null;

  router.use((_request, response, next) => {
    response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'same-origin' });
    next();
  });

  router.get('/', (request, response, next) => {
    before ??= countLedger();
    send('demo.html', "'none'")(request, response, next);
  });
  router.get('/shops/:shop', (request, response, next) => {
    const shop = shopOf(request.params.shop);
    if (shop === null) return next(notFound());
    site.countVisitor(shop);
    send('shop.html', "'self'")(request, response, next);
  });
  router.get('/shops/:shop/visitor', (request, response, next) => {
    const shop = shopOf(request.params.shop);
    if (shop === null) return next(notFound());
    response.json(site.open(shop));
  });
  router.get('/state', async (_request, response) => {
    before ??= countLedger();
    const [start, ledger] = [await before, await countLedger()];
    const tally = (shop: Shop) => {
      const { visitors, billed } = site.tally(shop);
      return { visitors, billed, usd: costOf(billed) };
    };
    // In a new month the ledger begins anew.
    const counted = ledger < start ? ledger : ledger - start;
    response.json({ eager: tally('eager'), lazy: { ...tally('lazy'), ledger: counted } });
  });
  router.get('/files/:name', (request, response, next) =>
    send(request.params.name, "'none'")(request, response, next),
  );
  router.get('/files/client/:name', (request, response, next) =>
    send(`client/${request.params.name}`, "'none'")(request, response, next),
  );

  function send(name: string, framedBy: "'none'" | "'self'") {
    return (_request: unknown, response: DemoResponse, next: (error: unknown) => void) => {
      const file = site.file(name);
      if (file === null) return next(notFound());
      response
        .set('Content-Security-Policy', policy(site.sockets, framedBy))
        .type(`${file.type}; charset=utf-8`)
        .send(file.body);
    };
  }
  return router;
}

interface DemoResponse {
  set(name: string, value: string): DemoResponse;
  type(type: string): DemoResponse;
  send(body: Buffer): void;
}

function shopOf(name: unknown): Shop | null {
  return name === 'eager' || name === 'lazy' ? name : null;
}

function notFound() {
  return refused('not-found', { detail: 'The demo has no such page.' });
}
