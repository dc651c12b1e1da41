import { LRUCache } from 'lru-cache';
import { GatewayError } from '../../../domain/gateway-error.ts';
import type { Identity } from '../../../domain/identity.ts';
import { LedgerUnavailable } from '../../../domain/ledger-unavailable.ts';
import type { ServiceName } from '../../../domain/service-name.ts';
import { bucketOf } from '../../buckets.ts';
import type { AdmitRequest, Admitted, LedgerRefusal } from '../../ledger.ts';
import type { AcknowledgedWrites } from '../connection/acknowledge-writes.ts';
import type { CircuitBreakers } from '../connection/circuit-breakers.ts';
import { toLedgerError } from '../connection/to-ledger-error.ts';
import type { CodeOf, NameKey, Names } from '../names/names.ts';
import { packMints } from '../records/packing.ts';
import type { AdmissionWatch } from './admission-watch.ts';
import { type AdmitKeys, createAdmitKeys } from './admit-keys.ts';
import { type AdmitReply, readAdmitReply } from './admit-reply.ts';
import { decideInEpoch } from './decide-in-epoch.ts';

/** More in one call would hold up everyone else: 64 take about half a millisecond of Redis, thousands stall it. */
const MINTS_PER_CALL = 64;
/** Links are for good, so remembering them is safe; a stale one is answered `moved` by the script. */
const LINKS_REMEMBERED = 10_000;

type Decision = Admitted | LedgerRefusal;

interface Waiting {
  request: AdmitRequest;
  resolve(decision: Decision): void;
  reject(error: Error): void;
}

/** The mints of one script call: one service, one day, the same months, each effective identity once. */
interface Batch {
  group: string;
  waiting: Waiting[];
  effective: Identity[];
  identities: Set<Identity>;
}

/**
 * Gathers all mints of one event-loop tick and sends those of the same service, day and months in one script
 * call. Each is decided on its own, in order of arrival.
 */
export class AdmitBatches {
  readonly #writes: Pick<AcknowledgedWrites, 'admit'>;
  readonly #names: Names;
  readonly #watch: AdmissionWatch;
  readonly #circuits: Pick<CircuitBreakers, 'run'>;
  readonly #keyPrefix: string;
  readonly #links = new LRUCache<string, Identity>({ max: LINKS_REMEMBERED });
  readonly #keys = new LRUCache<string, AdmitKeys>({ max: 256 });
  #batches: Batch[] = [];
  readonly #underway = new Set<Promise<void>>();
  readonly #filling = new Map<string, Batch>();

  /** @param keyPrefix first part of every key */
  constructor(
    writes: Pick<AcknowledgedWrites, 'admit'>,
    names: Names,
    watch: AdmissionWatch,
    circuits: Pick<CircuitBreakers, 'run'>,
    keyPrefix: string,
  ) {
    this.#writes = writes;
    this.#names = names;
    this.#watch = watch;
    this.#circuits = circuits;
    this.#keyPrefix = keyPrefix;
  }

  admit(request: AdmitRequest): Promise<Decision> {
    return new Promise((resolve, reject) => {
      const { service, life } = request;
      const group = `${service} ${Math.floor(life.issuedAt / 86_400)} ${life.otherMonth ?? ''}`;
      const identity = this.#effective(request);
      if (this.#batches.length === 0) setImmediate(() => this.#flush());
      let batch = this.#filling.get(group);
      if (!batch || batch.waiting.length === MINTS_PER_CALL || batch.identities.has(identity)) {
        batch = { group, waiting: [], effective: [], identities: new Set() };
        this.#filling.set(group, batch);
        this.#batches.push(batch);
      }
      batch.waiting.push({ request, resolve, reject });
      batch.effective.push(identity);
      batch.identities.add(identity);
    });
  }

  #effective(request: AdmitRequest): Identity {
    if (this.#links.size === 0) return request.identity;
    return this.#links.get(linkName(request)) ?? request.identity;
  }

  #flush(): void {
    const batches = this.#batches;
    this.#batches = [];
    this.#filling.clear();
    for (const batch of batches) {
      const sending = this.#send(batch).finally(() => this.#underway.delete(sending));
      this.#underway.add(sending);
    }
  }

  /** Resolves when everything that was asked for so far is settled. */
  async idle(): Promise<void> {
    if (this.#batches.length > 0) await new Promise((resolve) => setImmediate(resolve));
    await Promise.all(this.#underway);
  }

  /** Settles every waiting mint, whatever happens. */
  async #send(batch: Batch): Promise<void> {
    try {
      const { service } = batch.waiting[0]!.request;
      this.#settleAll(batch, await this.#circuits.run(service, () => this.#decide(batch)));
    } catch (error) {
      const failure = toLedgerError('admit', error);
      for (const { reject } of batch.waiting) reject(failure);
    }
  }

  #decide(batch: Batch): Promise<AdmitReply> {
    const { service } = batch.waiting[0]!.request;
    return decideInEpoch({ names: this.#names, service }, this.#watch, {
      learn: () => this.#internNames(batch),
      call: (epoch) => this.#call(batch, epoch),
    });
  }

  async #internNames(batch: Batch): Promise<void> {
    const { service } = batch.waiting[0]!.request;
    // Twice: the first answer may be that of a new ledger, of which no other name is known either.
    for (let attempt = 0; attempt < 2; attempt++) {
      const unknown = this.#unknownNames(batch);
      if (unknown.length > 0) await this.#names.intern(service, unknown);
    }
  }

  #unknownNames({ waiting }: Batch): NameKey[] {
    const unknown = new Set<NameKey>();
    const names = this.#names;
    for (const { request } of waiting) {
      const { service, className, intent, rule, tenant } = request;
      if (names.code(service, 'class', className) === undefined) unknown.add(`class:${className}`);
      if (names.code(service, 'intent', intent) === undefined) unknown.add(`intent:${intent}`);
      if (names.code(service, 'rule', rule) === undefined) unknown.add(`rule:${rule}`);
      if (tenant !== null && names.code(service, 'tenant', tenant) === undefined)
        unknown.add(`tenant:${tenant}`);
    }
    return [...unknown];
  }

  async #call({ group, waiting, effective }: Batch, epoch: string): Promise<'codes' | 'behind' | AdmitReply> {
    const requests = waiting.map(({ request }) => request);
    const first = requests[0]!;
    let admitKeys = this.#keys.get(group);
    if (!admitKeys) {
      admitKeys = createAdmitKeys(this.#keyPrefix, first.service, first.life);
      this.#keys.set(group, admitKeys);
    }
    const keys = [...admitKeys.fixedKeys];
    for (const identity of effective) {
      const bucket = bucketOf(identity);
      for (const month of admitKeys.bucketMonths) keys.push(admitKeys.service.people(month, bucket));
    }
    const state = {
      mark: this.#watch.mark(first.service, first.life.month).minted,
      newcomersWait: this.#watch.newcomersWait(first.service),
    };
    const codes = codesOf(this.#names, first.service);
    const { packed, rows } = packMints(admitKeys.header, state, requests, effective, codes);
    return this.#writes.admit(keys.length, ...keys, epoch, packed, rows, ...effective);
  }

  #settleAll({ waiting, effective }: Batch, reply: AdmitReply): void {
    const answers = readAdmitReply(
      reply,
      waiting.map(({ request }) => request),
      effective,
    );
    let latest = 0;
    waiting.forEach(({ request, resolve, reject }, position) => {
      const answer = answers[position]!;
      if (answer === 'held') {
        reject(new LedgerUnavailable('newcomers-wait', 'newcomers wait: the ledger may have lost data'));
      } else if ('movedTo' in answer) {
        this.#links.set(linkName(request), answer.movedTo);
        this.admit(request).then(resolve, reject);
      } else {
        if (answer.outcome === 'known' || answer.outcome === 'new') latest = answer.ordinal;
        resolve(answer);
      }
    });
    const { service, life } = waiting[0]!.request;
    const mark = this.#watch.mark(service, life.month);
    if (latest > mark.minted) mark.minted = latest;
  }
}

function linkName({ service, identity }: AdmitRequest): string {
  return `${service} ${identity}`;
}

/** The codes that are known by now: every name of a batch is interned before it is packed. */
export function codesOf(names: Names, service: ServiceName): CodeOf {
  return (kind, name) => {
    const code = names.code(service, kind, name);
    if (code === undefined) throw new GatewayError('internal', `${kind} "${name}" has no code`);
    return code;
  };
}
