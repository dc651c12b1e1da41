import { type KeptGrant, readGrant, type TokenGrant } from './grant.ts';
import { nameOf } from './name-of.ts';
import type { TokenContext, TokenSource } from './token-source.ts';
import { within } from './within.ts';

export interface CrossTabOptions {
  /** First part of the names of channel and lock; tabs that share it must ask the same source for the same service. */
  readonly channel?: string | undefined;
  /** How long a tab waits for another one's request before it asks itself. 1,500 unless told. */
  readonly lockTimeoutMs?: number | undefined;
}

interface ChannelLike {
  onmessage: ((event: { data: Partial<Message> | undefined }) => void) | null;
  postMessage(message: Partial<Message>): void;
  close(): void;
}

interface Message {
  readonly ask: boolean;
  readonly forget: boolean;
  /** A token that Twilio refuses. */
  readonly deny: string | undefined;
  readonly grant: KeptGrant;
}

interface BrowserGlobals {
  BroadcastChannel?: new (name: string) => ChannelLike;
  navigator?: {
    locks?: { request(name: string, options: object, held: () => Promise<unknown>): Promise<unknown> };
  };
  addEventListener?(type: 'pagehide', listener: () => void): void;
}

/** How long the other tabs have to answer; those that are frozen never do. */
const ANSWER_MS_MAX = 80;

/**
 * A token source that first asks the other tabs of the same person: by a channel, under a lock that is only advice. A
 * token more costs nothing, a tab that waits forever does. Where either is missing it does without. Nothing is stored.
 *
 * @param user names the person, so that nobody gets the token of somebody else; nobody named, nothing shared
 */
export function shareAmongTabs(
  source: TokenSource,
  user: () => string | undefined,
  options: CrossTabOptions = {},
): TokenSource {
  const { channel: prefix = 'mau-guard', lockTimeoutMs = 1_500 } = options;
  const browser = globalThis as unknown as BrowserGlobals;
  let name = '';
  let channel: ChannelLike | undefined;
  let kept: KeptGrant | undefined;
  let told = (_grant: KeptGrant) => {};

  function close(): void {
    channel?.close();
    channel = undefined;
  }

  function open(person: string): void {
    if (channel && name === `${prefix} ${person}`) return;
    forget();
    name = `${prefix} ${person}`;
    try {
      channel = browser.BroadcastChannel && new browser.BroadcastChannel(name);
    } catch {
      // Not in every frame.
    }
    if (!channel) return;
    channel.onmessage = ({ data }) => {
      if (data?.ask && kept) channel?.postMessage({ grant: kept });
      if (data?.forget || data?.deny === kept?.token) kept = undefined;
      if (data?.grant) {
        kept = data.grant;
        told(kept);
      }
    };
    // An open channel keeps a page out of the browser's history.
    browser.addEventListener?.('pagehide', close);
  }

  function forget(): void {
    channel?.postMessage({ forget: true });
    close();
    kept = undefined;
  }

  /** A token of another tab that will do, or undefined when none has answered in time. */
  function askTabs({ not }: TokenContext): Promise<TokenGrant | undefined> {
    return new Promise((resolve) => {
      setTimeout(resolve, channel ? ANSWER_MS_MAX : 0, undefined);
      told = (grant) => {
        const serverTime = Date.now() + grant.skewMs;
        if (grant.token !== not && serverTime < grant.refreshAt)
          resolve({ ...grant, serverTime, fromTab: true });
      };
      if (kept) told(kept);
      channel?.postMessage({ ask: true });
    });
  }

  async function fetch(context: TokenContext): Promise<TokenGrant> {
    const given = (await askTabs(context)) ?? (await source.fetch(context));
    kept = readGrant(given);
    channel?.postMessage({ grant: kept });
    return given;
  }

  return {
    async fetch(context) {
      const person = nameOf(user);
      if (!person) return source.fetch(context);
      open(person);
      const { locks } = browser.navigator ?? {};
      if (!locks) return fetch(context);
      let work: Promise<TokenGrant> | undefined;
      const begin = () => {
        work ??= fetch(context);
        return work;
      };
      const controller = new AbortController();
      const held = locks.request(name, { signal: controller.signal }, begin);
      // Whatever became of the lock; the work says itself what became of it. One more, since no time at all is no deadline.
      await within(held, lockTimeoutMs + 1).catch(() => {});
      const done = begin();
      controller.abort();
      return done;
    },
    deny(token) {
      channel?.postMessage({ deny: token });
      kept = undefined;
    },
    forget() {
      forget();
      source.forget?.();
    },
  };
}
