import type { Check, CheckResult, DoctorReport } from './check.ts';
import { error, type Finding, skip } from './finding.ts';

export interface RunChecksOptions {
  /** Leave out what opens a connection. */
  offline: boolean;
  /** Warnings are as bad as errors. */
  strict: boolean;
  /** Monotonic, ms. */
  elapsed(): number;
  /** Takes secrets out of a text. */
  hide(text: string): string;
  /** For one check, ms; default 5 s. */
  limitMs?: number;
}

const LIMIT_MS = 5_000;

/** Makes all checks at the same time, each with its own deadline; answers them in the order given. Never rejects. */
export async function runChecks(
  checks: readonly Check[],
  { offline, strict, elapsed, hide, limitMs = LIMIT_MS }: RunChecksOptions,
): Promise<DoctorReport> {
  async function run(check: Check): Promise<CheckResult> {
    const begun = elapsed();
    const finding =
      offline && check.reach === 'outside' ? skip('offline') : await within(limitMs, () => look(check));
    const { id, name, about } = check;
    const { status, detail } = finding;
    const { why, fix } = 'why' in finding ? finding : { why: null, fix: null };
    return {
      ...{ id, name, about, status },
      detail: hide(detail),
      why,
      fix: fix === null ? null : hide(fix),
      docs: `docs/doctor.md#${id}`,
      durationMs: Math.round(elapsed() - begun),
    };
  }

  const results = await Promise.all(checks.map(run));
  const isBad = ({ status }: CheckResult) => status === 'error' || (strict && status === 'warn');
  return { ok: !results.some(isBad), checks: results };
}

/** What a check throws may hold anything, so only the kind of it is told. */
async function look({ look }: Check): Promise<Finding> {
  try {
    return await look();
  } catch (thrown) {
    return error({
      detail: `the check itself failed: ${thrown instanceof Error ? thrown.name : typeof thrown}`,
      why: 'Whether this works is not known.',
      fix: 'Run it again; if it stays, report it as a defect of mau-guard.',
    });
  }
}

function within(limitMs: number, look: () => Promise<Finding>): Promise<Finding> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve(
        error({
          detail: `no result within ${limitMs / 1000} s`,
          why: 'What takes so long now will do so for the gateway.',
          fix: 'Look at the network between this machine and what the check asks: names, routes, firewalls, proxies.',
        }),
      );
    }, limitMs);
    void look().then((finding) => {
      clearTimeout(timer);
      resolve(finding);
    });
  });
}
