import { within } from '../async/within.ts';
import type { Clock } from '../domain/clock.ts';
import type { ServiceName } from '../domain/service-name.ts';

export interface ReadinessCheck {
  name: string;
  /** Resolves when all is well, with a remark for the verbose report or null; rejects when it is not. */
  run(): Promise<string | null>;
  /** What this process can do all the same when it is not, such as `known people are served`; null: nothing. */
  withoutIt?: () => string | null;
}

export interface ReadinessReport {
  ready: boolean;
  /**
   * One line per check, such as `[+]ledger ok, clock skew 3 ms`, `[-]` before one that failed, `[!]` before one without
   * which this process is of use still. Causes of failures are for the log, not for here.
   */
  lines: string[];
}

export interface Readiness {
  check(): Promise<ReadinessReport>;
  /** From now on never ready, so that load balancers look elsewhere while requests in flight are finished. */
  startDraining(): void;
}

/**
 * Whether this process should get traffic. Twilio is never part of it: their outage must not empty our service.
 *
 * @param timeoutMs a check that takes longer has failed
 */
export function createReadiness(checks: readonly ReadinessCheck[], timeoutMs = 1000): Readiness {
  let draining = false;
  let running: Promise<ReadinessReport> | null = null;

  async function runAll(): Promise<ReadinessReport> {
    const results = await Promise.all(checks.map((check) => runOne(check, timeoutMs)));
    return { ready: results.every(({ ok }) => ok), lines: results.map(({ line }) => line) };
  }

  return {
    async check() {
      // Probes that come while one is being answered share its answer, so that they cannot flood the ledger.
      running ??= runAll().finally(() => {
        running = null;
      });
      const report = await running;
      return draining ? { ready: false, lines: [...report.lines, '[-]drain draining'] } : report;
    },
    startDraining() {
      draining = true;
    },
  };
}

/**
 * The ledger answers for every service; its clock is compared with ours, because months are decided by ours. The skew is the
 * largest. While it answers for some of them this process is of use: each may live on another node of a Cluster, and
 * one that is away is away for every gateway.
 *
 * @param journal null without one. With one that takes what comes, the process is of use while the ledger is away: all
 *   gateways share that ledger, and if none of them were ready nobody would be served at all
 */
export function createLedgerCheck(
  ledger: { ping(service: ServiceName): Promise<number> },
  services: readonly ServiceName[],
  clock: Clock,
  journal: { isTaking(): boolean } | null = null,
): ReadinessCheck {
  /** Services that have answered since they were last asked. */
  const answered = new Set<ServiceName>();

  async function readSkew(service: ServiceName): Promise<number> {
    const askedMs = clock.now();
    const ledgerMs = await ledger.ping(service);
    answered.add(service);
    return Math.round(ledgerMs - (askedMs + clock.now()) / 2);
  }

  return {
    name: 'ledger',
    withoutIt() {
      const some =
        answered.size === 0 ? [] : [`it answers for ${answered.size} of ${services.length} services`];
      const rest = journal?.isTaking() ? ['known people are served'] : [];
      return [...some, ...rest].join(', ') || null;
    },
    async run() {
      answered.clear();
      const skews = await Promise.all(services.map(readSkew));
      const largest = skews.reduce((most, skew) => (Math.abs(skew) > Math.abs(most) ? skew : most));
      return `clock skew ${largest} ms`;
    },
  };
}

async function runOne(check: ReadinessCheck, timeoutMs: number): Promise<{ ok: boolean; line: string }> {
  try {
    const remark = await within(timeoutMs, check.run());
    return { ok: true, line: `[+]${check.name} ok${remark === null ? '' : `, ${remark}`}` };
  } catch {
    const remark = check.withoutIt?.() ?? null;
    if (remark !== null) return { ok: true, line: `[!]${check.name} away, ${remark}` };
    return { ok: false, line: `[-]${check.name} failed` };
  }
}
