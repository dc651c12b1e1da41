import { randomBytes } from 'node:crypto';
import type { Month } from '../../../domain/month.ts';
import type { ServiceName } from '../../../domain/service-name.ts';
import type { AdmissionWatch } from '../admission/admission-watch.ts';
import { lossAnnouncedBy } from '../names/epoch.ts';
import type { PageSource } from '../pages.ts';
import { announceLoss } from './announce-loss.ts';
import type { Copies } from './copies.ts';
import { type HighWaterMark, HighWaterMarks } from './high-water-marks.ts';
import { isBehind } from './is-behind.ts';
import { lacksLastMint } from './lacks-last-mint.ts';
import type { LostDataEvent, WatchTimes } from './ports.ts';
import { COUNT_KINDS, type Pulse, readPulse } from './read-pulse.ts';
import { readStoreClock } from './store-clock.ts';
import { tellStore } from './tell-store.ts';
import { createWatched, type Watched } from './watched.ts';
import { leaveRoll, writeRoll } from './write-roll.ts';

export interface LostDataWatchOptions {
  sourceOf(service: ServiceName): PageSource;
  copies: Copies;
  /** Tells a store the configured budget of a service, if there is one. */
  configure(service: ServiceName): Promise<void>;
  times: WatchTimes;
  report(event: LostDataEvent): void;
}

/** When a loss was announced longer ago, limits are not put back: an operator may have set others since. */
const LIMITS_STALE_MS = 60_000;

/**
 * Notices a store that came back with less than it had: under another epoch, or with fewer mints, people or changes
 * than were seen under this one. Then every gateway tells it what it has seen, and newcomers wait until that is done.
 * They also wait at each server that may be another one, until every gateway has looked at it.
 */
export class LostDataWatch implements AdmissionWatch {
  readonly #options: LostDataWatchOptions;
  readonly #marks = new HighWaterMarks();
  readonly #services = new Map<ServiceName, Watched>();
  /** Of this process, on the roll of each service. */
  readonly #name = randomBytes(9).toString('base64url');
  #isClosed = false;

  constructor(options: LostDataWatchOptions) {
    this.#options = options;
  }

  newcomersWait(service: ServiceName): boolean {
    const watched = this.#services.get(service);
    return watched !== undefined && (watched.restoring !== null || watched.hold.waits(performance.now()));
  }

  /** Services at which newcomers wait for what a look may find. */
  waiting(): ServiceName[] {
    const now = performance.now();
    return [...this.#services].filter(([, { hold }]) => hold.waits(now)).map(([service]) => service);
  }

  /** True while limits may still be put back, so that a change of them could be lost. */
  isRestoring(service: ServiceName): boolean {
    const watched = this.#services.get(service);
    return watched !== undefined && (watched.restoring !== null || watched.hold.isTelling(performance.now()));
  }

  mark(service: ServiceName, month: Month): HighWaterMark {
    return this.#marks.of(service, month);
  }

  /** Keeps an eye on a service from now on, also while nobody asks for it. */
  watch(service: ServiceName): void {
    this.#of(service);
  }

  /** A connection is new, so another server may be behind it. */
  connected(): void {
    const now = performance.now();
    for (const [service, { hold, roll }] of this.#services) {
      this.#options.copies.doubtEvidence(service);
      hold.connected(now);
      roll.interrupted(now);
    }
  }

  /** A call of a service failed, so another server may answer the next one. */
  failed(service: ServiceName): void {
    const isNews = !this.newcomersWait(service);
    this.#doubt(service);
    // Most of these are a server that was slow: newcomers need not wait for the next look.
    if (isNews) void this.look([service]);
  }

  #doubt(service: ServiceName): void {
    const watched = this.#services.get(service);
    watched?.hold.failed(performance.now());
    watched?.roll.interrupted(performance.now());
  }

  /** Ends an epoch in which the store has less than was seen, unless it has ended. Answers the one that holds now. */
  announce(service: ServiceName, epoch: string): Promise<string> {
    return announceLoss(this.#options.sourceOf(service), this.#marks.all(service), epoch);
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
    const { sourceOf, configure } = this.#options;
    const source = sourceOf(service);
    const lostAt = lossAnnouncedBy(epoch);
    if (watched.epoch !== null && lostAt === null) return this.announce(service, epoch);
    if (lostAt !== null) {
      const agoMs = Math.max(0, (await readStoreClock(source)) - lostAt);
      watched.hold.lossAnnounced(agoMs, performance.now());
      if (watched.epoch !== null) await this.#enterAfterLoss(service, watched, epoch, agoMs);
    }
    await configure(service);
    if (watched.epoch === null) {
      const pulse = await readPulse(source, []);
      if (pulse.epoch !== epoch) return pulse.epoch ?? '';
      watched.told = epoch;
      // Before this process lets anybody in: others have to know that it is there.
      await this.#callRoll(source, watched, epoch, pulse);
      watched.epoch = epoch;
    } else {
      watched.epoch = epoch;
      void this.#restore(service, watched, epoch);
    }
    return epoch;
  }

  async #enterAfterLoss(service: ServiceName, watched: Watched, epoch: string, agoMs: number): Promise<void> {
    const { sourceOf, copies, report } = this.#options;
    if (watched.restoring !== epoch) report({ event: 'lost', service });
    watched.restoring = epoch;
    this.#marks.forgetPeople(service);
    copies.doubtEvidence(service);
    // For the ordinals seen here: the epoch has ended already.
    await this.announce(service, '');
    if (agoMs < LIMITS_STALE_MS) await copies.putLimitsBack(sourceOf(service));
    else copies.dropLimits(service);
  }

  async #restore(service: ServiceName, watched: Watched, epoch: string): Promise<void> {
    const { sourceOf, copies, times, report } = this.#options;
    const isOver = () => this.#isClosed || watched.epoch !== epoch;
    const { coverage } = watched;
    const { order } = copies;
    const told = await tellStore(sourceOf(service), { copies, coverage, lookMs: times.lookMs, isOver });
    if (told === null) return;
    watched.restoring = null;
    // Whoever was there with an earlier mint was left alone.
    coverage.settled(order);
    Object.assign(watched, { told: epoch, remembers: true });
    report(told);
    // The others wait for this word.
    await this.lookAt(service).catch(() => {});
  }

  /** Looks at these services once, at all of them by default. A look that fails is left to the next one. */
  async look(services: Iterable<ServiceName> = this.#services.keys()): Promise<void> {
    await Promise.allSettled([...services].map((service) => this.lookAt(service)));
  }

  async lookAt(service: ServiceName): Promise<void> {
    const watched = this.#of(service);
    const { epoch } = watched;
    const { sourceOf, copies } = this.#options;
    const source = sourceOf(service);
    // As they are before the question is sent: what is read meanwhile may be newer than the answer.
    const seen = this.#marks.all(service).map((mark) => ({ ...mark }));
    const copied = copies.versions(service);
    const { order } = copies;
    const pulse = await this.#readPulse(service, seen);
    if (watched.epoch !== epoch || (epoch === null && pulse.epoch === null)) return;
    if (pulse.epoch === epoch) {
      if (!isBehind(pulse, watched, seen, copied) && !(await lacksLastMint(source, watched, copies, pulse))) {
        this.#raiseMarks(service, seen, pulse);
        if (watched.restoring === null) await copies.tellEvidence(source, pulse.server.name);
        if (epoch !== null) await this.#callRoll(source, watched, epoch, pulse);
        if (watched.restoring !== null) return;
        // Else the looks that follow each other fast would push out those at the server before.
        if (!this.newcomersWait(service)) watched.coverage.note(pulse, order);
        return copies.follow(source, pulse);
      }
      await this.announce(service, epoch as string);
    }
    source.names.forget(service, epoch ?? '');
    await source.names.intern(service, []);
  }

  async #readPulse(service: ServiceName, seen: readonly HighWaterMark[]): Promise<Pulse> {
    try {
      return await readPulse(this.#options.sourceOf(service), seen);
    } catch (error) {
      this.#doubt(service);
      throw error;
    }
  }

  /** After a look that found nothing missing of which nobody knew. */
  async #callRoll(source: PageSource, watched: Watched, epoch: string, pulse: Pulse): Promise<void> {
    const { roll, hold, told, remembers } = watched;
    const { lines, server } = pulse;
    const own = { server: server.name, told, remembers };
    roll.note(lines, server.name, epoch, performance.now());
    if (!this.#isClosed) await writeRoll(source, this.#name, roll.changes(own, lines, performance.now()));
    const haveLooked = roll.haveLookedAt(server.name);
    hold.looked(server.name, { haveLooked, haveTold: roll.haveTold(epoch, own) }, performance.now());
  }

  #raiseMarks(service: ServiceName, seen: readonly HighWaterMark[], pulse: Pulse): void {
    for (const month of pulse.months) this.#marks.of(service, month);
    for (const [at, { month }] of seen.entries()) {
      const mark = this.#marks.of(service, month);
      for (const kind of COUNT_KINDS) mark[kind] = Math.max(mark[kind], pulse.counts[at]![kind]);
    }
  }

  /** Nothing more is told, nor said of this process. */
  close(): void {
    this.#isClosed = true;
  }

  /** The last word: nobody need wait for this process. */
  async leave(): Promise<void> {
    const { sourceOf } = this.#options;
    const entered = [...this.#services].filter(([, { told }]) => told !== '');
    await Promise.allSettled(entered.map(([service]) => leaveRoll(sourceOf(service), this.#name)));
  }

  #of(service: ServiceName): Watched {
    let watched = this.#services.get(service);
    if (watched === undefined) {
      watched = createWatched(this.#name, this.#options.times);
      this.#services.set(service, watched);
    }
    return watched;
  }
}
