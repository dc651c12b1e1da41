/** What a check came to. `skip`: it could not be made, for a reason that is no fault of its own. */
export type Finding =
  | { status: 'ok' | 'skip'; detail: string }
  | { status: 'warn' | 'error'; detail: string; why: string; fix: string };

/** What is wrong: what was found, why it matters, and exactly what to do. */
export interface Problem {
  detail: string;
  why: string;
  fix: string;
}

export function ok(detail: string): Finding {
  return { status: 'ok', detail };
}

export function skip(detail: string): Finding {
  return { status: 'skip', detail };
}

/** Works for now, and costs or fails some day. */
export function warn(problem: Problem): Finding {
  return { status: 'warn', ...problem };
}

/** Does not work, or counts wrongly. */
export function error(problem: Problem): Finding {
  return { status: 'error', ...problem };
}
