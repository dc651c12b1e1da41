import { ChatGateError } from './error.ts';
import { requestJson } from './request.ts';

/** Where a guest credential is kept, which is as good as a password for the guest's conversations. */
export interface CredentialStore {
  get(): string | null | undefined | Promise<string | null | undefined>;
  /** @param credential null forgets it */
  set(credential: string | null): void | Promise<void>;
}

export interface GuestOptions {
  /** Where the gateway is, without a path. */
  readonly url: string | { toString(): string };
  /**
   * `cookie` unless told, for pages of the gateway's own site. `credential`, for other pages and native apps, is kept in
   * `store` and travels in a header.
   */
  readonly want?: 'cookie' | 'credential' | undefined;
  readonly service?: string | undefined;
  /** `localStorage` unless told. */
  readonly store?: CredentialStore | undefined;
  /**
   * Where nothing can be kept, every visit is a new guest, whom Twilio bills anew. So there is none, unless this is true.
   */
  readonly mayForget?: boolean | undefined;
}

/** What the gateway made of a guest and a member; see its page on guests. */
export interface LinkResult {
  readonly identity: string;
  readonly outcome: 'adopted' | 'already-linked' | 'kept-separate';
  readonly reason: string | null;
}

/** People without a login. Nobody becomes a guest before a token is asked for. */
export interface Guests {
  /**
   * For `headers` of a token source: makes this browser's guest, or confirms it, once, and answers the header that names it.
   *
   * @throws ChatGateError
   */
  headers(): Promise<Record<string, string>>;
  /** The same without ever making a guest; for `headers` of the unread count. Empty while there is none, and by cookie. */
  known(): Promise<Record<string, string>>;
  /** For `onUnauthorized`: the guest is no good any more, such as after it became a member; the next one is new. */
  renew(): Promise<boolean>;
  /**
   * Lets the person who just signed in go on as the guest that they were. Then call `switchUser()` of the gate.
   *
   * @param login headers with the app's own login
   * @throws ChatGateError
   */
  link(login: Record<string, string>): Promise<LinkResult>;
}

export function createGuests(options: GuestOptions): Guests {
  const { url, want = 'cookie', service, mayForget } = options;
  const store = options.store ?? localStore(`mau-guard guest ${url} ${service ?? ''}`);
  const byCookie = want === 'cookie';
  let memory: string | null | undefined;
  let entering: Promise<Record<string, string>> | undefined;

  async function post(path: string, login: Record<string, string>, body: object): Promise<unknown> {
    const init = { method: 'POST', body: JSON.stringify({ ...body, service }) };
    const credentials = byCookie ? 'include' : 'omit';
    return (await requestJson(`${url}${path}`, { headers: login, credentials }, init)).json;
  }

  async function keep(credential: string | null): Promise<void> {
    memory = credential;
    await guarded(() => store.set(credential));
  }

  async function guarded<T>(work: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (cause) {
      if (mayForget) return undefined;
      throw new ChatGateError('storage_denied', { cause });
    }
  }

  async function enter(): Promise<Record<string, string>> {
    if (byCookie) {
      await post('/v1/guests', {}, {});
      return {};
    }
    // Whether anything can be kept is known before there is somebody new to keep.
    const known = memory ?? (await guarded(() => store.get()));
    if (!known) await keep('');
    const answer = await post('/v1/guests', {}, { want, credential: known || undefined });
    const { credential } = answer as { credential: string };
    await keep(credential);
    return authorization(credential);
  }

  return {
    headers() {
      entering ??= enter().catch((error) => {
        entering = undefined;
        throw error;
      });
      return entering;
    },
    async known() {
      const credential = byCookie ? undefined : memory || (await guarded(() => store.get()));
      return credential ? authorization(credential) : {};
    },
    async renew() {
      entering = undefined;
      return true;
    },
    async link(login) {
      const credential = byCookie ? undefined : memory || (await guarded(() => store.get())) || undefined;
      const result = (await post('/v1/links', login, { credential })) as LinkResult;
      entering = undefined;
      if (!byCookie && result.outcome !== 'already-linked') await keep(null);
      return result;
    },
  };
}

function authorization(credential: string): Record<string, string> {
  return { Authorization: `Guest ${credential}` };
}

function localStore(key: string): CredentialStore {
  const storage = () =>
    (
      globalThis as unknown as {
        localStorage: {
          getItem(key: string): string | null;
          setItem(key: string, value: string): void;
          removeItem(key: string): void;
        };
      }
    ).localStorage;
  return {
    get: () => storage().getItem(key),
    set(credential) {
      if (credential === null) storage().removeItem(key);
      else storage().setItem(key, credential);
    },
  };
}
