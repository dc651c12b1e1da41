import type { Identity } from '../../../domain/identity.ts';
import type { ServiceName } from '../../../domain/service-name.ts';
import type { KnownPeople, KnownPerson } from '../../outage/known-people.ts';
import type { WriteEvidence } from '../evidence/evidence.ts';
import type { PageSource } from '../pages.ts';
import { type BondsCopy, copyBonds, findReturned, putBondsBack } from './bonds-copy.ts';
import { eraseAgain } from './erase-again.ts';
import { doubtLinks, forgetRelinked } from './forget-relinked.ts';
import { copyLimits, type LimitsCopy, putLimitsBack } from './limits-copy.ts';
import type { Pulse } from './read-pulse.ts';
import type { RecentEvidence } from './recent-evidence.ts';
import { type RestoreTerms, restorePeople } from './restore-people.ts';
import { tellEvidence } from './tell-evidence.ts';

export interface CopiesParts {
  /** Null: nobody is remembered. */
  known: KnownPeople | null;
  recent: RecentEvidence;
  writeEvidence: WriteEvidence;
}

/** What this process could tell a store that has lost it. */
export class Copies {
  readonly #known: CopiesParts['known'];
  readonly #recent: CopiesParts['recent'];
  readonly #writeEvidence: CopiesParts['writeEvidence'];
  readonly #limits = new Map<ServiceName, LimitsCopy>();
  readonly #bonds = new Map<ServiceName, BondsCopy>();
  /** How many changes of links were looked at; none before the first, and after a loss. */
  readonly #relinked = new Map<ServiceName, number>();
  /** The server that has the evidence of each service; none while that is not known. */
  readonly #evidenceAt = new Map<ServiceName, string>();

  constructor({ known, recent, writeEvidence }: CopiesParts) {
    this.#known = known;
    this.#recent = recent;
    this.#writeEvidence = writeEvidence;
  }

  /** That of whoever was remembered last. */
  get order(): number {
    return this.#known?.order ?? 0;
  }

  /** Whose mint the store must have, if it has lost none since this place in the order. */
  lastMinted(service: ServiceName, after: number): Readonly<KnownPerson> | null {
    const last = this.#known?.lastMinted(service) ?? null;
    return last === null || last.journalMark !== null || last.order <= after ? null : last;
  }

  /** Versions of what was copied, zeros before. */
  versions(service: ServiceName): Pick<Pulse, 'limits' | 'bonds'> {
    return {
      limits: this.#limits.get(service)?.version ?? 0,
      bonds: this.#bonds.get(service)?.version ?? 0,
    };
  }

  /** Copies what has changed since the last time. */
  async follow(source: PageSource, pulse: Pulse): Promise<void> {
    const { service } = source;
    if (this.#limits.get(service)?.version !== pulse.limits) {
      const copy = await copyLimits(source);
      // Lower: the store went back meanwhile, and the next look finds it.
      if (copy.version >= this.versions(service).limits) this.#limits.set(service, copy);
    }
    if (this.#bonds.get(service)?.version !== pulse.bonds) {
      const copy = await copyBonds(source);
      if (copy.version < this.versions(service).bonds) return;
      this.#forgetPeople(service, copy, this.#bonds.get(service));
      this.#bonds.set(service, copy);
    }
    await this.#followLinks(source, pulse);
  }

  async #followLinks(source: PageSource, { relinked }: Pulse): Promise<void> {
    const { service } = source;
    if (this.#known === null || this.#relinked.get(service) === relinked) return;
    const since = this.#relinked.get(service) ?? null;
    this.#relinked.set(service, await forgetRelinked(source, this.#known, since, relinked));
  }

  async putLimitsBack(source: PageSource): Promise<void> {
    const copy = this.#limits.get(source.service);
    if (copy !== undefined) await putLimitsBack(source, copy);
  }

  /** The limits that the store has now are those that hold. */
  dropLimits(service: ServiceName): void {
    this.#limits.delete(service);
  }

  /** Tells the store the rest of it, people last. Answers of how many people it was told. */
  async restore(source: PageSource, terms: RestoreTerms): Promise<number> {
    const bonds = this.#bonds.get(source.service);
    if (bonds !== undefined) {
      const returned = await findReturned(source, bonds);
      await putBondsBack(source, bonds);
      await eraseAgain(source, returned, bonds);
    }
    const people =
      this.#known === null ? 0 : await restorePeople(source, this.#known.of(source.service), terms);
    this.#relinked.delete(source.service);
    await doubtLinks(source);
    return people;
  }

  /**
   * Tells a server the newest evidence, unless it is the one that has it: another one may lack some, and no count shows that.
   * Newcomers should wait meanwhile, since people may be counted by evidence alone. When this fails, the next call tries again.
   */
  async tellEvidence(source: PageSource, server: string): Promise<void> {
    const { service } = source;
    if (this.#evidenceAt.get(service) === server) return;
    this.#evidenceAt.set(service, server);
    const telling = tellEvidence(source, this.#recent.of(service), this.#writeEvidence);
    await telling.catch(() => this.doubtEvidence(service));
  }

  /** The store may lack evidence: it has lost data, or another server may be behind a new connection. */
  doubtEvidence(service: ServiceName): void {
    this.#evidenceAt.delete(service);
  }

  /** What the store has now is what holds: whatever could not be put back is given up. */
  drop(service: ServiceName): void {
    this.dropLimits(service);
    this.#bonds.delete(service);
  }

  /** Whoever was stopped or erased by another gateway is not who they were here. */
  #forgetPeople(service: ServiceName, copy: BondsCopy, before: BondsCopy | undefined): void {
    if (this.#known === null || this.#known.size === 0) return;
    const changed = new Set<Identity>();
    for (const hash of ['blocks', 'erased'] as const) {
      for (const [identity, text] of Object.entries(copy[hash] ?? {})) {
        if (before?.[hash]?.[identity] !== text) changed.add(identity as Identity);
      }
    }
    if (changed.size > 0) this.#known.forgetServedAs(service, changed);
  }
}
