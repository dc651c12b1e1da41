import type { ChatGate, CoreGateOptions } from './chat-gate.ts';
import { createCoreGate } from './create-core-gate.ts';
import { letStay } from './let-stay.ts';
import { type BeaconOptions, sendBeacons } from './report.ts';
import type { SdkClientLike, SdkModule } from './sdk.ts';
import { type CrossTabOptions, shareAmongTabs } from './tabs.ts';
import { type EndpointSource, endpointSource, type TokenSource } from './token-source.ts';
import { pollUnread, type UnreadOptions } from './unread.ts';
import { type PresenceOptions, watchPage } from './watch-page.ts';

export interface ChatGateOptions<C extends SdkClientLike>
  extends Omit<CoreGateOptions<C>, 'tokenSource' | 'page' | 'loadSdk' | 'report' | 'unread'> {
  /** A source, or the URL of a gateway's `/v1/tokens`. */
  readonly tokenSource: TokenSource | string | { toString(): string };
  /** `import('@twilio/conversations')` unless told. */
  readonly loadSdk?: (() => Promise<SdkModule<C>>) | undefined;
  /** Tabs share their token when the gate knows the `user`; false: never. */
  readonly crossTab?: false | CrossTabOptions | undefined;
  readonly page?: CoreGateOptions<C>['page'] | undefined;
  readonly presence?: PresenceOptions | undefined;
  readonly beacons?: false | BeaconOptions | undefined;
  /** Uses the headers and cookies of an endpoint source unless told; with `headers` of its own not its `onUnauthorized`. */
  readonly unread?: UnreadOptions | undefined;
}

/**
 * The gate with everything. Making it does nothing at all: no request, no connection, no SDK.
 *
 * @throws TypeError without a token source
 *
 * @example
 * const gate = createChatGate({ tokenSource: '/v1/tokens', user: () => session.userId });
 * gate.on('phase', ({ phase }) => phase === 'ready' && show(gate.peek()));
 * openButton.onclick = () => gate.connect().catch(showError);
 */
export function createChatGate<C extends SdkClientLike = SdkClientLike>(
  options: ChatGateOptions<C>,
): ChatGate<C> {
  const {
    crossTab,
    beacons,
    unread,
    presence,
    tokenSource: given,
    loadSdk = loadTwilio<C>,
    ...rest
  } = options;
  const { user } = options;
  if (!given || typeof given === 'function') throw new TypeError('tokenSource: a URL or a TokenSource');
  const asked = typeof given === 'object' && 'fetch' in given ? given : endpointSource(given);
  const { url, options: endpoint } = asked as Partial<EndpointSource>;
  const channel = ['mau-guard', url, endpoint?.service].join(' ');
  const shares = crossTab !== false && user;
  const source = shares ? shareAmongTabs(asked, user, { channel, ...crossTab }) : asked;
  const page = options.page ?? watchPage(presence, undefined, socketOf(options.clientOptions));
  // What renews one login says nothing of another.
  const login = unread?.headers ? { ...endpoint, onUnauthorized: undefined } : endpoint;
  const count = unread && pollUnread(page, { ...login, user, ...unread });
  const gate = createCoreGate<C>({
    ...rest,
    ...{ loadSdk, page, report: beacons ? sendBeacons(beacons) : undefined },
    tokenSource: {
      fetch: letStay(source, page),
      deny: (token) => source.deny?.(token),
      forget() {
        count?.reset();
        source.forget?.();
      },
    },
  });
  return { ...gate, unread: count };
}

/** Where the SDK is told to connect to, if anywhere. */
function socketOf(clientOptions: { readonly Twilsock?: { readonly uri?: string } } = {}): string | undefined {
  return clientOptions.Twilsock?.uri;
}

function loadTwilio<C extends SdkClientLike>(): Promise<SdkModule<C>> {
  return import('@twilio/conversations') as Promise<unknown> as Promise<SdkModule<C>>;
}
