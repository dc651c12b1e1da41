import type { Identity } from '../../../src/domain/identity.ts';
import type { Adoption, AdoptionOutcome, Merge } from '../../../src/ledger/bonds.ts';

/** Which identities are one person, and who is stopped, in plain words. */
export class ModelBonds {
  readonly blocks = new Set<Identity>();
  readonly links = new Map<Identity, Identity>();
  /** Identity to the own identity that is served as it. */
  readonly adopters = new Map<Identity, Identity>();
  /** When guests were adopted, ms since the epoch. */
  readonly adoptedAt: number[] = [];
  readonly merges: Merge[] = [];
  readonly #isCounted: (identity: Identity) => boolean;

  constructor(isCounted: (identity: Identity) => boolean) {
    this.#isCounted = isCounted;
  }

  /** Null: somebody else is served as this one, and nobody as themselves. */
  servedAs(own: Identity): Identity | null {
    const linked = this.links.get(own);
    if (linked !== undefined) return linked;
    return this.adopters.has(own) ? null : own;
  }

  link(own: Identity, effective: Identity): void {
    this.adopters.delete(own);
    this.links.set(own, effective);
    if (own === effective || this.links.has(effective) || this.adopters.has(effective)) return;
    this.adopters.set(effective, own);
  }

  adopt({ guest, member, at }: Adoption): AdoptionOutcome {
    const linked = this.links.get(member);
    if (linked !== undefined) return { outcome: 'already-linked', identity: linked };
    const separate = (reason: 'guest-already-adopted' | 'member-has-identity' | 'identity-blocked') =>
      ({ outcome: 'kept-separate', identity: member, reason }) as const;
    if (this.blocks.has(guest) || this.blocks.has(member)) return separate('identity-blocked');
    const isAnothers = this.merges.some((merge) => merge.guest === guest && merge.member !== member);
    if (this.links.has(guest) || this.adopters.has(guest) || isAnothers) {
      return separate('guest-already-adopted');
    }
    if (this.#isCounted(member)) {
      const isKept = this.merges.some((merge) => merge.guest === guest && merge.member === member);
      if (!isKept) this.merges.push({ guest, member, at });
      return separate('member-has-identity');
    }
    this.link(member, guest);
    this.adoptedAt.push(at);
    return { outcome: 'adopted', identity: guest };
  }
}
