import {
  type ChatGate,
  type ChatGateOptions,
  createChatGate,
  createGuests,
  type SdkClientLike,
  TokenSource,
} from '../../src/client/index.ts';

// Runs in the browser: what the pages of the shop do. Tests reach it as `window.shop`.

export interface PageShop {
  /** The gate of somebody who is logged in. */
  open(person: string, options?: OpenOptions): ChatGate;
  /** The gate of a visitor without a login. */
  openAsGuest(want?: 'cookie' | 'credential'): ChatGate;
  gate?: ChatGate;
  guests?: ReturnType<typeof createGuests>;
}

export interface OpenOptions {
  twilsock?: string;
  sdk?: 'v2' | 'v3';
  url?: string;
  lockTimeoutMs?: number;
}

/** However long a busy machine takes for an answer, or to load the SDK in eight tabs at once. */
const PATIENT_MS = 60_000;

const shop: PageShop = {
  open(person, { twilsock, sdk = 'v3', url = '/v1/tokens', lockTimeoutMs } = {}) {
    const options: ChatGateOptions<SdkClientLike> = {
      tokenSource: TokenSource.endpoint(url, {
        headers: { Authorization: `Bearer login-of-${person}` },
        timeoutMs: PATIENT_MS,
      }),
      user: () => person,
      loadSdk: () => import(`/sdk-${sdk}.js`),
      clientOptions: { Twilsock: { uri: twilsock } },
      beacons: { url: '/v1/beacons' },
      unread: { url: '/v1/me/unread' },
      crossTab: { lockTimeoutMs },
      retry: { baseMs: 50, maxElapsedMs: 1_000 },
      connectTimeoutMs: PATIENT_MS,
    };
    shop.gate = createChatGate(options);
    return shop.gate;
  },
  openAsGuest(want = 'cookie') {
    const guests = createGuests({ url: location.origin, want });
    shop.guests = guests;
    shop.gate = createChatGate({
      tokenSource: TokenSource.endpoint('/v1/tokens', { headers: guests.headers, credentials: 'include' }),
    });
    return shop.gate;
  },
};

declare const location: { origin: string };
(globalThis as unknown as { shop: PageShop }).shop = shop;
