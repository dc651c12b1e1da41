import { setTimeout as sleep } from 'node:timers/promises';

/** How one mint ended. `unavailable`: refused because the store does not answer; it may have counted all the same. */
export type MintOutcome = 'new' | 'known' | 'reuse' | 'refused' | 'unavailable';

export interface Mint {
  person: string;
  outcome: MintOutcome;
  /** ms, monotonic. */
  askedAt: number;
  answeredAt: number;
}

const EVERY_MS = 5;
/** More are not asked for at a time: a busy machine would only fall behind. */
const UNDERWAY_MAX = 20;
const PATIENCE_MS = 60_000;

/** People who come one after the other, however those before fared; every third has been served before. */
export class MintLoad {
  readonly #mint: (person: string) => Promise<MintOutcome>;
  readonly #mints: Mint[] = [];
  readonly #underway = new Set<Promise<void>>();
  #timer: NodeJS.Timeout;
  #broken: unknown = null;
  #asked = 0;
  #turnAt = performance.now();
  #stoodStillMs = 0;

  /** @param mint asks for one token; rejects only when something is wrong with the test or the product */
  constructor(mint: (person: string) => Promise<MintOutcome>) {
    this.#mint = mint;
    this.#timer = setInterval(() => this.#turn(), EVERY_MS);
  }

  /** Longest time so far in which this program did not come to its turn, ms: in it nobody could be seen to answer. */
  get stoodStillMs(): number {
    return this.#stoodStillMs;
  }

  #turn(): void {
    const now = performance.now();
    this.#stoodStillMs = Math.max(this.#stoodStillMs, now - this.#turnAt - EVERY_MS);
    this.#turnAt = now;
    this.#ask();
  }

  #ask(): void {
    if (this.#underway.size >= UNDERWAY_MAX) return;
    const number = this.#asked++;
    const earlier = number % 3 === 2 ? this.#mints[Math.floor(this.#mints.length / 2)] : undefined;
    const person = earlier?.person ?? `person-${number}`;
    const askedAt = performance.now();
    const asking = this.#mint(person)
      .then((outcome) => {
        this.#mints.push({ person, outcome, askedAt, answeredAt: performance.now() });
      })
      .catch((error: unknown) => {
        this.#broken ??= error;
      })
      .finally(() => this.#underway.delete(asking));
    this.#underway.add(asking);
  }

  /** Nobody comes any more. */
  end(): void {
    clearInterval(this.#timer);
  }

  /** Ends the load and answers every mint, once the last is answered. */
  async stop(): Promise<readonly Mint[]> {
    this.end();
    await Promise.all(this.#underway);
    if (this.#broken !== null) throw this.#broken;
    return this.#mints;
  }

  /** Until so many of the mints asked for from now on ended in one of these ways; answers the first of them. */
  async until(outcomes: readonly MintOutcome[], count = 1): Promise<Mint> {
    const from = performance.now();
    while (performance.now() < from + PATIENCE_MS) {
      const fitting = this.#mints.filter(
        ({ outcome, askedAt }) => askedAt >= from && outcomes.includes(outcome),
      );
      if (this.#broken !== null) throw this.#broken;
      if (fitting.length >= count && fitting[0]) return fitting[0];
      await sleep(10);
    }
    const last = this.#mints.slice(-5).map(({ outcome }) => outcome);
    throw new Error(`fewer than ${count} ${outcomes} within ${PATIENCE_MS} ms; the last were ${last}`);
  }
}

/** Everybody who was given a token. */
export function servedPeople(mints: readonly Mint[]): Set<string> {
  const served: MintOutcome[] = ['new', 'known', 'reuse'];
  return new Set(mints.filter(({ outcome }) => served.includes(outcome)).map(({ person }) => person));
}

/** ms of the slowest answer. */
export function slowestOf(mints: readonly Mint[]): number {
  return Math.round(Math.max(...mints.map(({ askedAt, answeredAt }) => answeredAt - askedAt)));
}
