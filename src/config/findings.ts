import type { ConfigFault } from './config-fault.ts';

/** A value that was given somewhere, and where. */
export interface Offer<T> {
  value: T;
  /** As `config print` names it: `flag --port`, `environment PORT`, `file config/mau-guard.yaml`, `IDENTITY_SECRET_FILE`. */
  source: string;
  /** As a fault names it. */
  where: string;
  line?: number;
}

/** What reading the configuration brings to light besides the settings: every fault, notice and source. */
export interface Findings {
  readonly faults: readonly ConfigFault[];
  readonly notices: readonly string[];
  /** Dotted setting (or the beginning of one) to its source; what is not in here is a default. */
  readonly sources: ReadonlyMap<string, string>;
  /**
   * Adds a fault, unless one stands at the same place or above it already.
   *
   * @param meant another place that the fault explains too, such as that of the key a misspelt one was meant for
   */
  fault(fault: ConfigFault, meant?: string): void;
  /** True when a fault stands at a place or within it. */
  isAtFault(where: string): boolean;
  notice(text: string): void;
  /** Remembers where a setting came from. */
  from(setting: string, source: string): void;
  /** Remembers that what a list or mapping leaves out of a setting is a default, although the setting itself came from there. */
  fillIn(setting: string, given: object, built: object): void;
  /** The first offer that was made, else the default. */
  prefer<T>(setting: string, offers: readonly (Offer<T> | undefined)[], fallback: T): T;
}

export function createFindings(): Findings {
  const faults: ConfigFault[] = [];
  const explained: string[] = [];
  const notices: string[] = [];
  const sources = new Map<string, string>();

  function covers(standing: string, where: string): boolean {
    return where === standing || where.startsWith(`${standing}.`) || where.startsWith(`${standing}[`);
  }
  return {
    faults,
    notices,
    sources,
    fault(fault, meant) {
      if (explained.some((standing) => covers(standing, fault.where))) return;
      faults.push(fault);
      explained.push(fault.where, ...(meant === undefined ? [] : [meant]));
    },
    isAtFault: (where) => faults.some((fault) => covers(where, fault.where)),
    notice(text) {
      if (!notices.includes(text)) notices.push(text);
    },
    from(setting, source) {
      sources.set(setting, source);
    },
    fillIn(setting, given, built) {
      for (const [key, value] of Object.entries(built)) {
        const [name, told] = [`${setting}.${key}`, (given as Record<string, unknown>)[key]];
        if (isMapping(told) && isMapping(value)) this.fillIn(name, told, value);
        else if (told === undefined && !sources.has(name)) sources.set(name, 'default');
      }
    },
    prefer(setting, offers, fallback) {
      const offer = offers.find((candidate) => candidate !== undefined);
      if (offer === undefined) return fallback;
      sources.set(setting, offer.source);
      return offer.value;
    },
  };
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The place of an offer, in the form a fault wants it. */
export function placeOf(offer: Offer<unknown>): { where: string; line?: number } {
  return offer.line === undefined ? { where: offer.where } : { where: offer.where, line: offer.line };
}
