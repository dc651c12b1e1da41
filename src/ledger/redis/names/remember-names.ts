import type { NameKind, NameOf } from './names.ts';

/** The same names, each asked for once: a page asks for a thousand classes, all of them the same few. */
export function rememberNames(nameOf: NameOf): NameOf {
  const known: Record<NameKind, Map<number, string>> = {
    class: new Map(),
    tenant: new Map(),
    intent: new Map(),
    rule: new Map(),
  };
  return (kind, code) => {
    let name = known[kind].get(code);
    if (name === undefined) {
      name = nameOf(kind, code);
      known[kind].set(code, name);
    }
    return name;
  };
}
