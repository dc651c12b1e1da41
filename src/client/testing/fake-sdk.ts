import type { SdkClientLike, SdkModule } from '../index.ts';

/** What the SDK says when it fails. */
export interface FakeFault {
  readonly terminal?: boolean;
  readonly message?: string;
  readonly httpStatusCode?: number;
  readonly errorCode?: number;
}

/** A client that does what it is told, and says what the real one would. */
export interface FakeClient extends SdkClientLike {
  readonly options: object | undefined;
  /** The tokens that it was given, the first at its making. */
  readonly tokens: readonly string[];
  readonly isShutDown: boolean;
  connect(): void;
  /** The network is gone; the real one goes on trying by itself. */
  lose(): void;
  /** Refused for good: fails twice, and says why the second time only. */
  deny(fault?: FakeFault): void;
  /** The first blip of a network: `initFailed`, and yet it goes on. */
  blip(): void;
  /** The socket is lost before it was let in: terminal by its own word, without a code, and yet it goes on. */
  loseEarly(): void;
  aboutToExpire(): void;
  expire(): void;
}

export interface FakeSdk {
  /** For `loadSdk`. */
  load(): Promise<SdkModule<FakeClient>>;
  readonly loads: number;
  /** Every client that was made: whoever is in here is billed. */
  readonly clients: readonly FakeClient[];
  /** Those that are connected or trying to be. */
  alive(): readonly FakeClient[];
  /** What a new client does by itself. `connect` unless told. */
  behaviour: 'connect' | 'nothing' | 'deny';
  /** Whether `updateToken()` and `shutdown()` settle. */
  hangs: boolean;
  /** Makes the next load fail. */
  failLoad: boolean;
}

export function createFakeSdk(): FakeSdk {
  const clients: FakeClient[] = [];
  let loads = 0;

  class Client implements FakeClient {
    connectionState = 'connecting';
    isShutDown = false;
    readonly tokens: string[];
    readonly options: object | undefined;
    readonly #listeners = new Map<string, Set<(told: unknown) => void>>();

    constructor(token: string, options?: object) {
      if (!token) throw new Error('a token is needed');
      this.tokens = [token];
      this.options = options;
      clients.push(this);
      const { behaviour } = sdk;
      if (behaviour === 'nothing') return;
      void Promise.resolve().then(() => (behaviour === 'deny' ? this.deny() : this.connect()));
    }

    on(event: string, listener: (told: unknown) => void): this {
      this.#listeners.set(event, (this.#listeners.get(event) ?? new Set()).add(listener));
      return this;
    }

    off(event: string, listener: (told: unknown) => void): this {
      this.#listeners.get(event)?.delete(listener);
      return this;
    }

    async updateToken(token: string): Promise<unknown> {
      if (this.isShutDown) this.connectionState = 'connecting';
      this.tokens.push(token);
      if (sdk.hangs || this.connectionState !== 'connected') await never();
      return this;
    }

    async shutdown(): Promise<void> {
      this.isShutDown = true;
      this.connectionState = 'disconnected';
      if (sdk.hangs) await never();
    }

    connect(): void {
      this.#change('connected');
      this.#tell('initialized');
    }

    lose(): void {
      this.#change('disconnected');
      this.#change('retrying');
      this.#tell('connectionError', { terminal: false, message: 'lost' });
    }

    blip(): void {
      this.#tell('connectionError', { terminal: false, message: 'blip' });
      this.#tell('initFailed', { error: { terminal: false, message: 'blip' } });
    }

    loseEarly(): void {
      const error = {
        terminal: true,
        message: 'Unknown error during connection initialisation: disconnected',
      };
      this.#tell('connectionError', error);
      this.#tell('initFailed', { error });
    }

    deny(fault: FakeFault = { httpStatusCode: 401, errorCode: 20101, message: 'denied' }): void {
      this.#change('denied');
      this.#tell('initFailed', { error: { terminal: true, message: 'Twilsock has disconnected.' } });
      this.#tell('connectionError', { terminal: true, ...fault });
      this.#tell('initFailed', { error: { terminal: true, ...fault } });
    }

    aboutToExpire(): void {
      this.#tell('tokenAboutToExpire');
    }

    expire(): void {
      this.#tell('tokenExpired');
      this.#change('disconnected');
    }

    #change(state: string): void {
      if (this.isShutDown) return;
      this.connectionState = state;
      this.#tell('connectionStateChanged', state);
    }

    #tell(event: string, told?: unknown): void {
      if (this.isShutDown) return;
      for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(told);
    }
  }

  const sdk: FakeSdk = {
    async load() {
      loads += 1;
      const { failLoad } = sdk;
      sdk.failLoad = false;
      if (failLoad) throw new Error('the chunk could not be loaded');
      return { Client };
    },
    get loads() {
      return loads;
    },
    clients,
    alive: () =>
      clients.filter(({ isShutDown, connectionState }) => !isShutDown && connectionState !== 'denied'),
    behaviour: 'connect',
    hangs: false,
    failLoad: false,
  };
  return sdk;
}

function never(): Promise<never> {
  return new Promise(() => {});
}
