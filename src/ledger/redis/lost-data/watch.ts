import { setTimeout as pause } from 'node:timers/promises';
import type { Month } from '../../../domain/month.ts';
import type { ServiceName } from '../../../domain/service-name.ts';
import type { AdmissionWatch } from '../admission/admit-batches.ts';
import { createServiceKeys } from '../keys.ts';
import { createEpoch, lossAnnouncedBy } from '../names/epoch.ts';
import type { PageSource } from '../pages.ts';
import type { Copies } from './copies.ts';
import { Marks, type MonthMark } from './marks.ts';
import type { LostDataEvent, WatchTimes } from './ports.ts';
import { COUNT_KINDS, type CountKind, type Pulse, readPulse } from './read-pulse.ts';
import { readStoreClock } from './store-clock.ts';

/** What is known of a service. */
interface Watched {
  /** What this process works by; null before the first. */
  epoch: string | null;
  entering: { epoch: string; done: Promise<string> } | null;
  /** The epoch in which the store has not been told yet what it lost. */
  restoring: string | null;
  /** Newcomers wait until then. Monotonic, ms. */
  waitUntil: number;
}

export interface LostDataWatchOptions {
  sourceOf(service: ServiceName): PageSource;
  copies: Copies;
  /** Tells a store the configured budget of a service, if there is one. */
  configure(service: ServiceName): Promise<void>;
  times: WatchTimes;
  report(event: LostDataEvent): void;
}

/** Of a store that answers; then newcomers are let in whatever is missing. */
const RESTORE_ATTEMPTS = 30;
/** When a loss was announced longer ago, limits are not put back: an operator may have set others since. */
const LIMITS_STALE_MS = 60_000;

/**
 * Notices a store that came back with less than it had: under another epoch, or with fewer mints, people or changes
 * than were seen under this one. Then every gateway tells it what it has seen, and newcomers wait until that is done.
 */
export class LostDataWatch implements AdmissionWatch {
  readonly #options: LostDataWatchOptions;
  readonly #marks = new Marks();
  readonly #services = new Map<ServiceName, Watched>();
  /** Newcomers of every service wait until then. Monotonic, ms. */
  #waitUntil = 0;
  #isClosed = false;

  constructor(options: LostDataWatchOptions) {
    this.#options = options;
  }

  newcomersWait(service: ServiceName): boolean {
    return this.isRestoring(service) || performance.now() < this.#waitUntil;
  }

  /** True while limits may still be put back, so that a change of them could be lost. */
  isRestoring(service: ServiceName): boolean {
    const watched = this.#services.get(service);
    return watched !== undefined && (watched.restoring !== null || performance.now() < watched.waitUntil);
  }

  mark(service: ServiceName, month: Month): MonthMark {
    return this.#marks.of(service, month);
  }

  /** Keeps an eye on a service from now on, also while nobody asks for it. */
  watch(service: ServiceName): void {
    this.#of(service);
  }

  /** Newcomers of every service wait for so long from now on. */
  holdNewcomers(ms: number): void {
    this.#waitUntil = performance.now() + ms;
  }

  /** Ends an epoch in which the store has less than was seen, unless it has ended. Answers the one that holds now. */
  async announce(service: ServiceName, epoch: string): Promise<string> {
    const { client, prefix } = this.#options.sourceOf(service);
    const keys = createServiceKeys(prefix, service);
    const marks = this.#marks.all(service);
    return client.announce(
      1 + marks.length,
      ...[keys.names, ...marks.map(({ month }) => keys.totals(month))],
      ...[epoch, createEpoch(await readStoreClock(client)), ...marks.map(({ minted }) => minted)],
    );
  }

  /** See `EnterEpoch`. An epoch that began without a word, though there was one before, is announced. */
  enter(service: ServiceName, epoch: string): Promise<string> {
    const watched = this.#of(service);
    if (watched.epoch === epoch) return Promise.resolve(epoch);
    if (watched.entering?.epoch === epoch) return watched.entering.done;
    const entering = { epoch, done: this.#enter(service, watched, epoch) };
    watched.entering = entering;
    const ended = () => {
      if (watched.entering === entering) watched.entering = null;
    };
    entering.done.then(ended, ended);
    return entering.done;
  }

  async #enter(service: ServiceName, watched: Watched, epoch: string): Promise<string> {
    const { sourceOf, configure, times } = this.#options;
    const lostAt = lossAnnouncedBy(epoch);
    if (watched.epoch !== null && lostAt === null) return this.announce(service, epoch);
    if (lostAt !== null) {
      const agoMs = Math.max(0, (await readStoreClock(sourceOf(service).client)) - lostAt);
      watched.waitUntil = performance.now() + Math.max(0, times.settleMs - agoMs);
      if (watched.epoch !== null) await this.#enterAfterLoss(service, watched, epoch, agoMs);
    }
    await configure(service);
    const isAfterLoss = watched.epoch !== null;
    watched.epoch = epoch;
    if (isAfterLoss) void this.#restore(service, watched, epoch);
    return epoch;
  }

  async #enterAfterLoss(service: ServiceName, watched: Watched, epoch: string, agoMs: number): Promise<void> {
    const { sourceOf, copies, report } = this.#options;
    if (watched.restoring !== epoch) report({ event: 'lost', service });
    watched.restoring = epoch;
    this.#marks.forgetPeople(service);
    // For the ordinals seen here: the epoch has ended already.
    await this.announce(service, '');
    if (agoMs < LIMITS_STALE_MS) await copies.putLimitsBack(sourceOf(service));
    else copies.dropLimits(service);
  }

  async #restore(service: ServiceName, watched: Watched, epoch: string): Promise<void> {
    const { sourceOf, copies, times, report } = this.#options;
    const source = sourceOf(service);
    const startedAt = performance.now();
    const isOver = () => this.#isClosed || watched.epoch !== epoch;
    let failed = 0;
    while (!isOver() && failed < RESTORE_ATTEMPTS) {
      try {
        const people = await copies.restore(source, isOver);
        if (isOver()) return;
        watched.restoring = null;
        report({ event: 'restored', service, people, durationMs: performance.now() - startedAt });
        return;
      } catch (error) {
        // A store that is away again has not failed: nobody is let in meanwhile.
        const answers = await readStoreClock(source.client).then(
          () => true,
          () => false,
        );
        if (answers && ++failed === RESTORE_ATTEMPTS) {
          copies.drop(service);
          watched.restoring = null;
          report({ event: 'not-restored', service, reason: String(error) });
        }
      }
      await pause(times.lookMs, undefined, { ref: false });
    }
  }

  /** Looks at every service once. A look that fails is left to the next one. */
  async look(): Promise<void> {
    await Promise.allSettled([...this.#services.keys()].map((service) => this.lookAt(service)));
  }

  async lookAt(service: ServiceName): Promise<void> {
    const watched = this.#of(service);
    const { epoch } = watched;
    const source = this.#options.sourceOf(service);
    // As they are before the question is sent: what is read meanwhile may be newer than the answer.
    const seen = this.#marks.all(service).map((mark) => ({ ...mark }));
    const copied = this.#options.copies.versions(service);
    const pulse = await readPulse(source, seen);
    if (watched.epoch !== epoch || (epoch === null && pulse.epoch === null)) return;
    if (pulse.epoch === epoch) {
      if (!isBehind(pulse, watched, seen, copied)) {
        this.#raiseMarks(service, seen, pulse);
        if (watched.restoring === null) await this.#options.copies.follow(source, pulse);
        return;
      }
      await this.announce(service, epoch as string);
    }
    source.names.forget(service);
    await source.names.intern(service, []);
  }

  #raiseMarks(service: ServiceName, seen: readonly MonthMark[], pulse: Pulse): void {
    for (const month of pulse.months) this.#marks.of(service, month);
    for (const [at, { month }] of seen.entries()) {
      const mark = this.#marks.of(service, month);
      for (const kind of COUNT_KINDS) mark[kind] = Math.max(mark[kind], pulse.counts[at]![kind]);
    }
  }

  close(): void {
    this.#isClosed = true;
  }

  #of(service: ServiceName): Watched {
    let watched = this.#services.get(service);
    if (watched === undefined) {
      watched = { epoch: null, entering: null, restoring: null, waitUntil: 0 };
      this.#services.set(service, watched);
    }
    return watched;
  }
}

/** While it is being told what it lost, the store is known to lack people and changes. */
function isBehind(
  pulse: Pulse,
  { restoring }: Watched,
  seen: readonly MonthMark[],
  copied: Pick<Pulse, 'limits' | 'bonds'>,
): boolean {
  const lacks = (kind: CountKind) => seen.some((mark, at) => pulse.counts[at]![kind] < mark[kind]);
  if (lacks('minted')) return true;
  return (
    restoring === null &&
    (COUNT_KINDS.some(lacks) || pulse.limits < copied.limits || pulse.bonds < copied.bonds)
  );
}
