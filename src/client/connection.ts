import { ChatGateError, type Problem } from './error.ts';
import type { KeptGrant } from './grant.ts';
import type { SdkClientLike, SdkConstructor } from './sdk.ts';
import { within } from './within.ts';

export interface Connection<C extends SdkClientLike> {
  readonly client: C;
  /** False when the client cannot take a token any more. Never takes longer than its deadline. */
  updateToken(token: string): Promise<boolean>;
  /** Says no more, and lets go of the client. Never fails, and never takes longer than its deadline. */
  shutdown(): Promise<void>;
}

/** What becomes of a connection: it is there, it was lost for now, its token is about to expire, it is over. */
export type ConnectionEvent = 'connected' | 'lost' | 'expiring' | 'ended';

/** Twilio's code for a token that has expired. */
const TOKEN_EXPIRED = 20104;

interface SdkFault extends Problem {
  terminal?: boolean;
  message?: string;
  httpStatusCode?: number;
  errorCode?: number;
}

const UPDATE_MS_MAX = 15_000;
const SHUTDOWN_MS_MAX = 3_000;
/** A client that is refused fails twice, and says why the second time only. */
const SECOND_FAULT_MS = 150;

/**
 * Makes the client, which connects and bills at once; there is no way back. What the SDK does oddly ends here:
 * `initFailed` at the first blip while it goes on by itself, and twice when it is final; promises that never settle.
 *
 * @param tell nothing follows `ended`, which comes with its error; nothing comes before this function has answered
 */
export function openConnection<C extends SdkClientLike>(
  Client: SdkConstructor<C>,
  { token, region }: KeptGrant,
  clientOptions: object | undefined,
  tell: (event: ConnectionEvent, error?: ChatGateError) => void,
): Connection<C> {
  let over = false;
  let lastState = '';
  let fault: SdkFault = {};
  const client = new Client(token, { region, ...clientOptions });

  function say(event: ConnectionEvent, error?: ChatGateError): void {
    if (!over) tell(event, error);
  }

  function heed(state: string): void {
    if (state === 'denied') fail({ terminal: true });
    else if (state !== lastState) say(state === 'connected' ? state : 'lost');
    lastState = state;
  }

  function fail(told?: SdkFault): void {
    // A socket lost before the SDK was let in is called terminal as well, and the SDK tries again.
    const isFinal = told?.errorCode || told?.httpStatusCode || client.connectionState === 'denied';
    if (!told?.terminal || !isFinal) return;
    if (!fault.terminal) setTimeout(end, SECOND_FAULT_MS);
    fault = { ...fault, ...told };
  }

  function end(): void {
    const { message, httpStatusCode: status, errorCode } = fault;
    // A new token may mend what an old one has spoilt, and nothing else.
    const retryable = errorCode === TOKEN_EXPIRED;
    say('ended', new ChatGateError('twilio_denied', { message, status, problem: fault, retryable }));
    over = true;
  }

  client.on('connectionStateChanged', heed);
  client.on('connectionError', fail);
  client.on('initFailed', (told?: { error?: SdkFault }) => fail(told?.error));
  client.on('tokenAboutToExpire', () => say('expiring'));
  client.on('tokenExpired', () => fail({ terminal: true, errorCode: TOKEN_EXPIRED }));
  // It may have been quicker than we.
  setTimeout(() => heed(client.connectionState));

  return {
    client,
    updateToken: (next) =>
      within(client.updateToken(next), UPDATE_MS_MAX).then(
        () => true,
        // It never settles while the client is not connected, which takes the token once it is.
        () => client.connectionState !== 'connected',
      ),
    shutdown() {
      over = true;
      return within(client.shutdown(), SHUTDOWN_MS_MAX).catch(() => {});
    },
  };
}
