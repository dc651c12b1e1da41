import type { Finding } from './finding.ts';

/** One thing that is looked at. Looking changes nothing, here or at Twilio, and makes nobody active. */
export interface Check {
  /** Stable, for scripts; also the heading in `docs/doctor.md`. */
  id: string;
  /** In a few words. */
  name: string;
  /** What it is about where there may be several: the name of a service, or an issuer. */
  about: string | null;
  /** `outside`: opens a connection, and is left out when offline. */
  reach: 'local' | 'outside';
  /** A rejection is a defect of the check; expected failures are findings. */
  look(): Promise<Finding>;
}

/** One check as it is shown. */
export interface CheckResult {
  id: string;
  name: string;
  about: string | null;
  status: Finding['status'];
  detail: string;
  /** Null where nothing is wrong. */
  why: string | null;
  fix: string | null;
  /** Where more is said about it. */
  docs: string;
  /** Whole ms. */
  durationMs: number;
}

export interface DoctorReport {
  /** No errors; when strict, no warnings either. */
  ok: boolean;
  checks: CheckResult[];
}
