/** A member of this name, as a JSON or YAML parser makes it, is lost in silence where the object is copied or checked. */
const NAME = '__proto__';

/**
 * Paths of all members named `__proto__`, at whatever depth. Who sends one in place of a name, such as that of a tenant,
 * has to hear that it is none, instead of a limit that never holds. Does not recurse: input may nest without end.
 */
export function findPrototypeMembers(input: unknown): (string | number)[][] {
  const found: (string | number)[][] = [];
  const waiting: Place[] = [{ value: input, path: null }];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { value, path } = place;
    if (typeof value !== 'object' || value === null) continue;
    const isList = Array.isArray(value);
    for (const [key, child] of Object.entries(value)) {
      const step = { step: isList ? Number(key) : key, above: path };
      if (!isList && key === NAME) found.push(stepsOf(step));
      else waiting.push({ value: child, path: step });
    }
  }
  return found;
}

interface Place {
  value: unknown;
  path: Path | null;
}

/** From the last step up, so that a deep place costs no more than a shallow one. */
interface Path {
  step: string | number;
  above: Path | null;
}

function stepsOf(path: Path): (string | number)[] {
  const steps: (string | number)[] = [];
  for (let at: Path | null = path; at !== null; at = at.above) steps.push(at.step);
  return steps.reverse();
}
