import { within } from '../async/within.ts';
import type { Clock } from '../domain/clock.ts';

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
 * The ledger answers; its clock is compared with ours, because months are decided by ours.
 *
 * @param journal null without one. With one that takes what comes, the process is of use while the ledger is away: all
 *   gateways share that ledger, and if none of them were ready nobody would be served at all
 */
export function createLedgerCheck(
  ledger: { ping(): Promise<number> },
  clock: Clock,
  journal: { isTaking(): boolean } | null = null,
): ReadinessCheck {
  return {
    name: 'ledger',
    withoutIt: () => (journal?.isTaking() ? 'known people are served' : null),
    async run() {
      const askedMs = clock.now();
      const ledgerMs = await ledger.ping();
      const skewMs = Math.round(ledgerMs - (askedMs + clock.now()) / 2);
      return `clock skew ${skewMs} ms`;
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
