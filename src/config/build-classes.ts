import type { ConfigParts } from './config-parts.ts';
import type { ClassEntry, ClassRuleEntry } from './guard-schemas.ts';
import type { ClassRule, ClassSettings } from './settings.ts';

const PLAIN = { when: null, identity: { kind: 'own' }, tokenRequestsPerMinute: null, priority: 0 } as const;

const DEFAULT_CLASSES: readonly ClassSettings[] = [
  { name: 'member', prefix: 'm_', ...PLAIN },
  { name: 'guest', prefix: 'g_', ...PLAIN },
  { name: 'agent', prefix: 'a_', ...PLAIN },
  { name: 'test', prefix: 't_', ...PLAIN },
];

/** Kept for identities that are known by evidence only. */
const RESERVED_CLASSES = ['address', 'unknown'];

const TESTS = ['equals', 'in', 'contains', 'exists', 'endsWith'] as const;

/** The classes of people, in order. Each name and each prefix stands for one class. */
export function buildClasses(parts: ConfigParts): ClassSettings[] {
  const { file, findings } = parts;
  const entries = file.data.classes;
  if (!entries) return DEFAULT_CLASSES.map((entry) => ({ ...entry, identity: { ...entry.identity } }));
  const classes: ClassSettings[] = [];
  for (const [index, entry] of entries.entries()) classes.push(buildClass(parts, entry, index, classes));
  if (classes.every(({ when }) => when !== null)) {
    findings.fault({
      ...file.place(['classes']),
      expected: 'a class without rules, for everybody whom no rule fits',
      found: 'rules on every class',
    });
  }
  const source = file.offer(['classes'], entries)?.source;
  if (source !== undefined) findings.from('classes', source);
  return classes;
}

/** The class of those whom no rule and no claim names. */
export function defaultClassOf(classes: readonly ClassSettings[]): string {
  return classes.find(({ when }) => when === null)?.name ?? '';
}

function buildClass(
  parts: ConfigParts,
  entry: ClassEntry,
  index: number,
  earlier: readonly ClassSettings[],
): ClassSettings {
  const { name, prefix, pool } = entry;
  const fault = (key: 'name' | 'prefix', expected: string, found: string) =>
    parts.findings.fault({ ...parts.file.place(['classes', index, key]), expected, found });
  if (name === undefined) fault('name', 'a class name', 'nothing');
  if (prefix === undefined) fault('prefix', 'a prefix, such as m_', 'nothing');
  if (name !== undefined && RESERVED_CLASSES.includes(name)) {
    const found = `"${name}", which is kept for identities known by evidence`;
    fault('name', 'a name other than address and unknown', found);
  }
  if (earlier.some((other) => other.name === name)) fault('name', 'each class once', `"${name}" again`);
  if (earlier.some((other) => other.prefix === prefix)) {
    fault('prefix', 'a prefix of its own for each class', `"${prefix}" again`);
  }
  return {
    name: name ?? '',
    prefix: prefix ?? '',
    when: buildRules(parts, entry.when, index),
    identity: pool === undefined ? { kind: 'own' } : { kind: 'pool', size: pool },
    tokenRequestsPerMinute: entry.tokenRequestsPerMinute ?? null,
    priority: entry.priority ?? 0,
  };
}

function buildRules(parts: ConfigParts, entry: ClassEntry['when'], index: number): ClassRule[] | null {
  if (entry === undefined) return null;
  const path = ['classes', index, 'when'] as const;
  return Array.isArray(entry)
    ? entry.flatMap((rule, position) => buildRule(parts, rule, [...path, position]) ?? [])
    : [buildRule(parts, entry, path) ?? []].flat();
}

/** Each rule makes one test on one claim. */
function buildRule(
  { file, findings }: ConfigParts,
  rule: ClassRuleEntry,
  path: readonly (string | number)[],
): ClassRule | null {
  const tests = TESTS.filter((test) => rule[test] !== undefined);
  const fault = (key: string | null, expected: string, found: string) =>
    findings.fault({ ...file.place(key === null ? path : [...path, key]), expected, found });
  if (rule.claim === undefined) fault('claim', 'the name of a claim', 'nothing');
  // A test that is at fault itself is missing here, and was told already.
  if (tests.length !== 1 && !findings.isAtFault(file.place(path).where))
    fault(null, `one of ${TESTS.join(', ')}`, tests.length === 0 ? 'none' : tests.join(' and '));
  return rule.claim === undefined || tests.length !== 1 ? null : (rule as ClassRule);
}
