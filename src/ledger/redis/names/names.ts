import { LRUCache } from 'lru-cache';
import { GatewayError } from '../../../domain/gateway-error.ts';
import type { ServiceName } from '../../../domain/service-name.ts';
import { BUCKETS } from '../../buckets.ts';
import { createServiceKeys } from '../keys.ts';
import type { LedgerClient } from '../scripts.ts';
import { createEpoch, hasOurBuckets } from './epoch.ts';

export type NameKind = 'class' | 'tenant' | 'intent' | 'rule';

/** A name as the ledger stores it, `kind:name`, or a code to look up, `kind:code`. */
export type NameKey = `${NameKind}:${string}`;

/** The code of a name that has been interned. */
export type CodeOf = (kind: NameKind, name: string) => number;

/** Tenants may be many; the other kinds never fill this. */
const REMEMBERED = 100_000;
const LOOKED_UP_PER_CALL = 1_000;

interface Known {
  epoch: string;
  codes: Record<
    NameKind,
    { get(name: string): number | undefined; set(name: string, code: number): unknown }
  >;
}

/**
 * Called before the codes of another epoch than before are used, and before the first; answers the epoch that holds
 * then. It may not intern, but {@link Names.learn}.
 */
export type EnterEpoch = (service: ServiceName, epoch: string) => Promise<string>;

/** A ledger that loses its data over and over would keep a caller here. */
const ATTEMPTS = 4;

/**
 * Codes of classes, tenants, intents and rules, which take one to three bytes in a record where the name would
 * take ten. Codes are never given twice; an epoch travels with them, so that a gateway that outlives a flushed
 * Redis cannot write by codes that nobody knows any more.
 */
export class Names {
  readonly #client: LedgerClient;
  readonly #prefix: string;
  readonly #enter: EnterEpoch;
  readonly #known = new Map<ServiceName, Known>();
  readonly #names = new LRUCache<string, string>({ max: REMEMBERED });

  constructor(client: LedgerClient, prefix: string, enter: EnterEpoch) {
    this.#client = client;
    this.#prefix = prefix;
    this.#enter = enter;
  }

  /** The epoch of the codes this process knows; empty before the first {@link intern}. */
  epoch(service: ServiceName): string {
    return this.#known.get(service)?.epoch ?? '';
  }

  /** The code of a name, or undefined when it has to be interned first. */
  code(service: ServiceName, kind: NameKind, name: string): number | undefined {
    return this.#known.get(service)?.codes[kind].get(name);
  }

  /** Gives every name a code; one round trip, once per name and process. */
  async intern(service: ServiceName, keys: readonly NameKey[]): Promise<void> {
    const codes = await this.#askUnderOneEpoch(service, keys);
    const known = this.#known.get(service)!;
    for (const [position, key] of keys.entries()) {
      const [kind, name] = splitName(key);
      known.codes[kind].set(name, codes[position]!);
    }
  }

  async #askUnderOneEpoch(service: ServiceName, keys: readonly NameKey[]): Promise<number[]> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { epoch, codes } = await this.#ask(service, keys);
      if (this.#known.get(service)?.epoch === epoch) return codes;
      if ((await this.#enter(service, epoch)) !== epoch) continue;
      // Others may have asked meanwhile, and remember more by now.
      if (this.#known.get(service)?.epoch !== epoch) {
        this.#known.set(service, { epoch, codes: noCodes() });
        this.#names.clear();
      }
      return codes;
    }
    throw new GatewayError('ledger-unavailable', 'the epoch of the ledger keeps changing');
  }

  /** Gives every name a code for the caller alone: what this process works by stays as it is. */
  async learn(service: ServiceName, keys: readonly NameKey[]): Promise<CodeOf> {
    const { codes } = await this.#ask(service, keys);
    return (kind, name) => {
      const code = codes[keys.indexOf(`${kind}:${name}`)];
      if (code === undefined) throw new GatewayError('internal', `${kind} "${name}" has no code`);
      return code;
    };
  }

  async #ask(service: ServiceName, keys: readonly NameKey[]): Promise<{ epoch: string; codes: number[] }> {
    const { names } = createServiceKeys(this.#prefix, service);
    const [, epoch, ...codes] = await this.#client.intern(names, createEpoch(null), ...keys);
    if (!hasOurBuckets(String(epoch))) {
      throw new GatewayError(
        'ledger-unavailable',
        `the ledger was written with other buckets (${epoch}) than ${BUCKETS}`,
      );
    }
    return { epoch: String(epoch), codes: codes.map(Number) };
  }

  /**
   * Drops what is known of a service, after a script that was called under this epoch answered that the codes are others now.
   * The answer may come late: what has been learnt since stays.
   */
  forget(service: ServiceName, epoch: string): void {
    if (this.epoch(service) !== epoch) return;
    this.#known.delete(service);
    this.#names.clear();
  }

  /** Looks codes up (`kind:code`) and answers a function from kind and code to the name. */
  async lookUp(service: ServiceName, wanted: ReadonlySet<NameKey>): Promise<NameOf> {
    const { names } = createServiceKeys(this.#prefix, service);
    const found = new Map<NameKey, string>();
    const missing: NameKey[] = [];
    for (const key of wanted) {
      const name = this.#names.get(`${service} ${key}`);
      if (name === undefined) missing.push(key);
      else found.set(key, name);
    }
    for (let from = 0; from < missing.length; from += LOOKED_UP_PER_CALL) {
      const keys = missing.slice(from, from + LOOKED_UP_PER_CALL);
      const answers = await this.#client.hmget(names, ...keys.map((key) => `=${key}`));
      for (const [position, key] of keys.entries()) {
        const name = answers[position];
        if (name === null || name === undefined) continue;
        found.set(key, name);
        this.#names.set(`${service} ${key}`, name);
      }
    }
    return (kind, code) => {
      const name = found.get(`${kind}:${code}`);
      if (name === undefined)
        throw new GatewayError('internal', `the ledger has no ${kind} with code ${code}`);
      return name;
    };
  }
}

function splitName(key: NameKey): [NameKind, string] {
  const colon = key.indexOf(':');
  return [key.slice(0, colon) as NameKind, key.slice(colon + 1)];
}

/** The ledger takes 255 names of each kind but tenants, which alone may be too many to remember. */
function noCodes(): Known['codes'] {
  return { class: new Map(), intent: new Map(), rule: new Map(), tenant: new TenantCodes() };
}

/** Made with the first tenant: room for so many is 3 MB, and most services have none. */
class TenantCodes {
  #codes: LRUCache<string, number> | null = null;

  get(name: string): number | undefined {
    return this.#codes?.get(name);
  }

  set(name: string, code: number): void {
    this.#codes ??= new LRUCache({ max: REMEMBERED });
    this.#codes.set(name, code);
  }
}

/** The name behind a code. */
export type NameOf = (kind: NameKind, code: number) => string;
