import type { CoreGateOptions, GateEvents, Phase, Snapshot } from './chat-gate.ts';
import { type Connection, type ConnectionEvent, openConnection } from './connection.ts';
import { ChatGateError, passing } from './error.ts';
import { NEVER, notSeen, ODD_ANSWER, phaseAfter, QUIET_MS, RECONNECT } from './follow-up.ts';
import type { GateMachine } from './gate-machine.ts';
import type { KeptGrant } from './grant.ts';
import { createSdkLoader } from './load-sdk.ts';
import { nameOf } from './name-of.ts';
import type { PagePort } from './page.ts';
import type { SdkClientLike } from './sdk.ts';
import { createTokenKeeper, type Want } from './token-keeper.ts';

/**
 * One client at most, and one way to it at a time. Whatever happens ends in one of three: `open` begins, `stop` lets go of
 * everything, `look` does what is due and sets the alarm for what will be.
 *
 * @param checkPerson looks who is signed in, and calls `forget` when it is somebody else than before
 */
export function createGateMachine<C extends SdkClientLike>(
  options: CoreGateOptions<C>,
  emit: <E extends keyof GateEvents>(event: E, told: GateEvents[E]) => void,
  checkPerson: () => void,
): GateMachine<C> {
  const { connectTimeoutMs = 20_000, page, whenHidden } = options;
  const loadSdk = createSdkLoader(options.loadSdk);
  let snapshot: Snapshot = { phase: 'idle' };
  /** Somebody has the chat open. */
  let wanted = false;
  /** A client on its way, what it is wanted for, and who to tell. */
  let opening: Promise<C> | undefined;
  let openingFor = RECONNECT;
  let settle: [(client: C) => void, (error: ChatGateError) => void] | undefined;
  let connection: Connection<C> | undefined;
  /** The grant that the connection was last given. */
  let used: KeptGrant | undefined;
  /** How to go on by itself, once the tab is looked at; undefined: not before somebody asks. */
  let resume: Want | undefined;
  let quietUntil = 0;
  let refreshAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let leavePage: (() => void) | undefined;

  const isHidden = () => page.tabState() === 'hidden';
  const mustRest = () => isHidden() && whenHidden !== 'allow';

  const keeper = createTokenKeeper(
    options.tokenSource,
    options.retry,
    page.tabState,
    ({ reason }) => {
      if (!page.isOnline()) throw passing('gateway_unreachable');
      if (mustRest() && /^re/.test(reason)) throw notSeen();
    },
    (grant) => emit('token', grant),
  );

  const port: PagePort = {
    look,
    leave: () => (connection || opening) && pause('idle'),
    renew() {
      quietUntil = 0;
      if (used) refreshAt = used.refreshAt - used.skewMs;
    },
    interrupt: (error) => snapshot.phase === 'connecting' && fail(error),
  };

  function set(next: Snapshot): void {
    if (snapshot.phase === 'closed') return;
    snapshot = next;
    emit('phase', next);
  }

  async function stop(phase: Phase, error?: ChatGateError): Promise<void> {
    const old = connection;
    connection = opening = undefined;
    clearTimeout(timer);
    // Before anything of the app's own is called, which may throw.
    const ended = old?.shutdown();
    settle?.[1](error ?? new ChatGateError('aborted'));
    if (old && used) options.report?.(snapshot.connectedAt ? 'disconnected' : 'failed', used);
    // Without a name for the person, somebody else might come, and the token is theirs who had it.
    if (!nameOf(options.user)) keeper.drop();
    keeper.abort();
    set({ phase, error, resetsAt: error?.retryAt });
    await ended;
  }

  function pause(phase: Phase = 'paused'): void {
    resume ??= RECONNECT;
    void stop(phase);
  }

  function fail(error: ChatGateError): void {
    const phase = phaseAfter(error, page.isOnline());
    const want = opening ? openingFor : RECONNECT;
    const isOdd = want === RECONNECT && ODD_ANSWER.test(error.code);
    resume = wanted && (isOdd || error.retryable || error.problem?.['when']) ? want : undefined;
    quietUntil = isHidden() ? 0 : Date.now() + QUIET_MS;
    void stop(phase, error);
    emit('error', error);
    if (phase === 'blocked') emit(phase, snapshot);
  }

  function open(want: Want): Promise<C> {
    opening = new Promise<C>((...both) => {
      settle = both;
    });
    // Whoever waits hears of it; nobody has to.
    opening.catch(() => {});
    void run(want, opening);
    return opening;
  }

  async function run(want: Want, mine: Promise<C>): Promise<void> {
    openingFor = want;
    resume = undefined;
    page.wake();
    set({ phase: 'loading' });
    try {
      const loading = loadSdk();
      // Heard of below, and only if there is a token.
      loading.catch(() => {});
      const grant = await keeper.get(want);
      if (opening !== mine) return;
      timer = setTimeout(() => fail(passing('connect_timeout')), connectTimeoutMs);
      const Client = await loading;
      checkPerson();
      if (opening !== mine) return;
      if (want === RECONNECT && mustRest()) throw notSeen();
      use(grant, want === RECONNECT);
      set({ phase: 'connecting', identity: grant.identity, tokenExpiresAt: grant.expiresAt });
      connection = openConnection(Client, grant, options.clientOptions, heed);
    } catch (cause) {
      if (opening !== mine) return;
      fail(cause instanceof ChatGateError ? cause : new ChatGateError('twilio_denied', { cause }));
    }
  }

  function use(grant: KeptGrant, isReturn = true): void {
    // Who was connected stays who they are, until somebody deliberately connects.
    if (isReturn && grant.identity !== used?.identity) throw new ChatGateError('identity_changed');
    const leftMs = grant.refreshAt - grant.skewMs - Date.now();
    refreshAt = Date.now() + Math.max(QUIET_MS, leftMs * (1 - 0.1 * Math.random()));
    used = grant;
  }

  function heed(event: ConnectionEvent, error?: ChatGateError): void {
    if (event === 'connected') {
      if (used) options.report?.(event, used);
      set({ connectedAt: Date.now(), ...snapshot, phase: 'ready' });
      opening = undefined;
      settle?.[0](connection?.client as C);
      look();
    } else if (event === 'expiring') {
      refreshAt = 0;
      look();
    } else if (error) {
      keeper.drop();
      options.tokenSource.deny?.(used?.token);
      if (error.retryable && !opening) rebuild(error);
      else fail(error);
    } else if (snapshot.phase === 'ready') {
      if (mustRest()) pause();
      else set({ ...snapshot, phase: 'reconnecting' });
    }
  }

  /** A client whose token has expired, or that takes none, is of no use any more; twice in a row there is something wrong. */
  function rebuild(error: ChatGateError): void {
    if (Date.now() < quietUntil) fail(error);
    else {
      quietUntil = isHidden() ? 0 : Date.now() + QUIET_MS;
      pause();
      if (!mustRest()) void open(RECONNECT);
    }
  }

  async function refresh(held: Connection<C>, had: KeptGrant): Promise<void> {
    const leftMs = () => had.expiresAt - had.skewMs - Date.now();
    refreshAt = NEVER;
    try {
      const grant = await keeper.get({ reason: 'refresh', intent: 'refresh', not: had.token });
      checkPerson();
      if (connection !== held || mustRest()) return;
      use(grant);
      const taken = leftMs() > 0 && (await held.updateToken(grant.token));
      if (connection !== held) return;
      if (taken) set({ ...snapshot, tokenExpiresAt: grant.expiresAt });
      else rebuild(passing('twilio_denied'));
    } catch (cause) {
      const error = cause as ChatGateError;
      if (connection !== held) return;
      // Only a refusal ends what still has a token: whatever else is in the way may be gone by then.
      if (leftMs() <= 0 || phaseAfter(error, true) !== 'failed' || error.code === 'identity_changed')
        fail(error);
      else refreshAt = Date.now() + Math.max(QUIET_MS, leftMs() / 2);
    } finally {
      look();
    }
  }

  function look(): void {
    checkPerson();
    if (opening) return;
    clearTimeout(timer);
    if (connection && used) {
      const leftMs = page.leftMs(Date.now() + used.skewMs);
      const dueAt = keeper.fresh(used.token) ? 0 : refreshAt;
      if (leftMs <= 0) pause();
      else if (!mustRest() && Date.now() >= dueAt) void refresh(connection, used);
      else timer = setTimeout(look, mustRest() ? leftMs : Math.min(leftMs, dueAt - Date.now()));
    } else if (wanted && resume && !mustRest() && page.isOnline() && Date.now() >= quietUntil) {
      void open(resume);
    }
  }

  function leave(phase: Phase = 'idle'): Promise<void> {
    wanted = false;
    resume = undefined;
    leavePage = void leavePage?.();
    return stop(phase);
  }

  async function join(intent: string): Promise<C> {
    wanted = true;
    leavePage ??= page.watch(port);
    if (!opening) return connection?.client ?? open({ reason: 'connect', intent });
    const wanting = openingFor.intent;
    try {
      return await opening;
    } catch (error) {
      // What is refused to a tab that comes back by itself may be given to a person who asks.
      if (wanting === intent || (error as ChatGateError).code === 'aborted') throw error;
      return join(intent);
    }
  }

  return {
    join,
    take: (force) =>
      keeper.get({ reason: 'manual', intent: 'open_chat', not: force ? keeper.fresh()?.token : undefined }),
    leave,
    forget() {
      keeper.reset();
      return leave();
    },
    client: () => connection?.client,
    snapshot: () => snapshot,
  };
}
