import {
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import { GatewayError } from '../../../domain/gateway-error.ts';
import { type LedgerTrouble, LedgerUnavailable } from '../../../domain/ledger-unavailable.ts';
import type { ServiceName } from '../../../domain/service-name.ts';
import { toLedgerError } from './to-ledger-error.ts';

/** Calls of a service that fail one after the other before no more are sent. */
const FAILURES_MAX = 3;
/** From one probe to the next while nothing is sent. */
const PROBE_EVERY_MS = 250;

export interface CircuitBreakersOptions {
  /** Asks the server that has the service's keys for something small; rejects while it is away. */
  probe(service: ServiceName): Promise<unknown>;
  /** Called when a call of a service failed, unless the server said that the call itself was wrong. Must not throw. */
  onFailure?: ((service: ServiceName) => void) | undefined;
  /** Called when calls of a service are held back, and when they go out again. Must not throw. */
  onChange?: ((service: ServiceName, state: 'open' | 'closed', reason: string) => void) | undefined;
}

/**
 * Holds calls back from a server that does not answer them: whoever asks is told at once, instead of waiting for the
 * deadline like everybody before. A circuit for each service, because each may live on another node of a Cluster.
 *
 * No request is spent on finding out whether the server is back: a probe does that, four times a second.
 */
export class CircuitBreakers {
  readonly #options: CircuitBreakersOptions;
  readonly #circuits = new Map<ServiceName, CircuitBreakerPolicy>();
  readonly #probing = new Map<ServiceName, NodeJS.Timeout>();
  /** What was wrong with the last call or probe that failed. */
  readonly #troubles = new Map<ServiceName, LedgerTrouble>();
  #stopped = false;

  constructor(options: CircuitBreakersOptions) {
    this.#options = options;
  }

  /**
   * Makes a call for a service, unless its circuit is open.
   *
   * @throws LedgerUnavailable at once while the circuit is open, with the trouble of the last failure; else whatever the
   *   call throws
   */
  run<Answer>(service: ServiceName, call: () => Promise<Answer>): Promise<Answer> {
    const circuit = this.#circuits.get(service) ?? this.#make(service);
    // Also not while a probe is under way: the policy would let the call wait for it.
    if (circuit.state !== CircuitState.Closed) return Promise.reject(heldBack(this.#troubles.get(service)));
    return circuit.execute(call);
  }

  isOpen(service: ServiceName): boolean {
    return this.#probing.has(service);
  }

  /** Ends all probing. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#probing.values()) clearTimeout(timer);
    this.#probing.clear();
  }

  #make(service: ServiceName): CircuitBreakerPolicy {
    const circuit = circuitBreaker(handleWhen(isAway), {
      // Probes come when they are due, and nothing else comes.
      halfOpenAfter: 0,
      breaker: new ConsecutiveBreaker(FAILURES_MAX),
    });
    circuit.onFailure(({ reason }) => {
      const failure = 'error' in reason ? toLedgerError('', reason.error) : null;
      if (failure instanceof LedgerUnavailable) this.#troubles.set(service, failure.trouble);
      if (!('error' in reason && isAnswer(reason.error))) this.#options.onFailure?.(service);
    });
    circuit.onBreak((reason) => {
      if (this.#probing.has(service) || this.#stopped) return;
      this.#probeSoon(service, circuit);
      this.#options.onChange?.(service, 'open', describe(reason));
    });
    this.#circuits.set(service, circuit);
    return circuit;
  }

  #probeSoon(service: ServiceName, circuit: CircuitBreakerPolicy): void {
    const timer = setTimeout(() => void this.#probe(service, circuit), PROBE_EVERY_MS);
    // A program that ends does not wait for a server that is away.
    timer.unref();
    this.#probing.set(service, timer);
  }

  async #probe(service: ServiceName, circuit: CircuitBreakerPolicy): Promise<void> {
    try {
      await circuit.execute(() => this.#options.probe(service));
    } catch {
      // Away still.
    }
    if (this.#stopped) return;
    // A call from before may have failed meanwhile, and opened the circuit anew.
    if (circuit.state !== CircuitState.Closed) return this.#probeSoon(service, circuit);
    this.#probing.delete(service);
    this.#options.onChange?.(service, 'closed', '');
  }
}

/** A defect of ours says nothing about the server. */
function isAway(error: Error): boolean {
  return !(error instanceof GatewayError) || error.code === 'ledger-unavailable';
}

/** Such as a script that ended in an error; other codes speak of the server. */
function isAnswer({ name, message }: Error): boolean {
  return name === 'ReplyError' && message.startsWith('ERR ');
}

function describe(reason: { error: Error } | object): string {
  return 'error' in reason ? toLedgerError('admit', reason.error).message : 'no answer';
}

function heldBack(trouble: LedgerTrouble = 'late'): LedgerUnavailable {
  return new LedgerUnavailable(trouble, 'the ledger has failed lately and is not asked');
}
