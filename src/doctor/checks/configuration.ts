import { error, type Finding, ok, warn } from '../finding.ts';

/** A fault of the configuration, in one line without secrets. */
export type FaultLine = string;

export function judgeFaults(faults: readonly FaultLine[], demo: boolean): Finding {
  if (faults.length === 0) return ok(demo ? 'nothing configured: demo mode would start' : 'no faults');
  return error({
    // A line for each, as a start prints them.
    detail:
      faults.length === 1 ? `one fault: ${faults[0]}` : [`${faults.length} faults`, ...faults].join('\n'),
    why: 'The gateway refuses to start with a fault, and nothing that depends on the configuration can be checked.',
    fix: 'Put right what is named: variables stand in the environment or .env, the rest in config/mau-guard.yaml. `mau-guard config check` lists them again.',
  });
}

/** What the configuration says besides: aliases that were read, secrets that look like something else. */
export function judgeNotices(notices: readonly string[]): Finding {
  if (notices.length === 0) return ok('nothing to say');
  return warn({
    detail: notices.join(' '),
    why: 'It is read as it says, which may not be what was meant.',
    fix: 'Change the setting so that the note goes away, or leave it if it is meant so. `mau-guard config print` shows where each setting comes from.',
  });
}
