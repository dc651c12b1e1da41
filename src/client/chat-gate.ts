import type { ChatGateError } from './error.ts';
import type { KeptGrant } from './grant.ts';
import type { Page } from './page.ts';
import type { ReportConnection } from './report.ts';
import type { SdkClientLike, SdkModule } from './sdk.ts';
import type { RetryOptions } from './token-keeper.ts';
import type { TokenSource } from './token-source.ts';
import type { UnreadCount } from './unread.ts';

/**
 * | phase | means |
 * | --- | --- |
 * | `idle` | nobody has asked for a connection, or it was ended |
 * | `loading` | the token and the SDK are on their way; nothing is billed yet |
 * | `connecting`, `ready` | the client is made; it is connected |
 * | `reconnecting` | the SDK lost the connection and is getting it back |
 * | `paused` | ended to save money: the tab was hidden or idle, or the gateway said "not now". Goes on when the tab is looked at, else with the next `connect()` |
 * | `blocked` | the gateway refused; `error.problem` says why. Until `resetsAt` nothing is asked, and never by itself |
 * | `offline` | there is no network; goes on when it is back |
 * | `failed` | `error` says why. Goes on with the next `connect()`; when the error is retryable, or was one odd answer in place of the next token, also when the tab is looked at |
 * | `closed` | `close()` was called |
 */
export type Phase =
  | 'idle'
  | 'loading'
  | 'connecting'
  | 'ready'
  | 'reconnecting'
  | 'paused'
  | 'blocked'
  | 'offline'
  | 'failed'
  | 'closed';

/** Instants in ms since the epoch. */
export interface Snapshot {
  readonly phase: Phase;
  readonly identity?: string | undefined;
  readonly error?: ChatGateError | undefined;
  readonly connectedAt?: number | undefined;
  readonly tokenExpiresAt?: number | undefined;
  /** When the budget that refused starts anew. */
  readonly resetsAt?: number | undefined;
}

export interface GateEvents {
  phase: Snapshot;
  /** A new token; `fromTab` tells that another tab had it. Never log its `token`. */
  token: KeptGrant;
  /** `error.problem.code` says why. */
  blocked: Snapshot;
  error: ChatGateError;
}

export interface ConnectOptions {
  /** Ends the caller's wait. What others wait for goes on; when nobody is left, no client is made. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the caller's wait after so long. */
  readonly timeoutMs?: number | undefined;
  /** What the gateway's policy decides by; `open_chat` unless told. */
  readonly intent?: string | undefined;
}

export interface CoreGateOptions<C extends SdkClientLike> {
  readonly tokenSource: TokenSource;
  /** Loads the SDK, at the first connection and not before. */
  readonly loadSdk: () => Promise<SdkModule<C>>;
  /** Second argument of the SDK's `Client`. */
  readonly clientOptions?: object | undefined;
  /** From having the token to being connected, the loading of the SDK included. 20,000 unless told. */
  readonly connectTimeoutMs?: number | undefined;
  readonly retry?: RetryOptions | undefined;
  /** Hidden tabs neither refresh nor reconnect: `skip`, unless told to `allow` it. */
  readonly whenHidden?: 'skip' | 'allow' | undefined;
  /** Where it lives: `watchPage()` in browsers, `ALWAYS_SEEN` where nothing is known of it. */
  readonly page: Page;
  /**
   * Answers your name for who is signed in; undefined, or a throw, for nobody. With it tokens are kept while
   * the chat is closed and shared between tabs, and another answer ends everything of the person before. Without it a
   * token lives no longer than its connection, and after a change of users call `switchUser()`.
   */
  readonly user?: (() => string | undefined) | undefined;
  readonly report?: ReportConnection | undefined;
}

/** The way to a chat client that is made no sooner than a person wants it, and no more often than needed. */
export interface CoreGate<C extends SdkClientLike = SdkClientLike> {
  /**
   * The only door to a client, for a deliberate act of the person. Single flight. Making the client bills the person for
   * the month. It is good until the next pause; `peek()` gives the one after.
   *
   * @throws ChatGateError
   */
  connect(options?: ConnectOptions): Promise<C>;
  /** Counts a user of the connection; it does not connect. When the last one has let go, and none came at once, it ends. */
  retain(): () => void;
  /** The client in force, when it is there: after a pause another one, to be asked for at each `ready`. */
  peek(): C | undefined;
  /**
   * A token for your own use. It counts the person in the month, as every token does.
   *
   * @throws ChatGateError
   */
  getToken(options?: {
    readonly force?: boolean | undefined;
    readonly signal?: AbortSignal | undefined;
  }): Promise<KeptGrant>;
  /** Ends the connection: the chat was closed. Never fails. */
  disconnect(): Promise<void>;
  /**
   * Ends and forgets everything of the person; the other tabs hand out their token no more. To be called at login and logout.
   */
  switchUser(): Promise<void>;
  /** For good; `connect()` fails from then on. */
  close(): Promise<void>;
  subscribe(listener: () => void): () => void;
  getSnapshot(): Snapshot;
  on<E extends keyof GateEvents>(
    event: E,
    listener: (told: GateEvents[E]) => void,
    options?: { readonly signal?: AbortSignal | undefined },
  ): () => void;
}

export interface ChatGate<C extends SdkClientLike = SdkClientLike> extends CoreGate<C> {
  /** Undefined without the option. */
  readonly unread: UnreadCount | undefined;
}
