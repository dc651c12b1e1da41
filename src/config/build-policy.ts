import type { ConfigParts } from './config-parts.ts';
import type { ClassSettings, IntentRule } from './settings.ts';

const DEFAULT_CLASSES: readonly ClassSettings[] = [
  { name: 'member', prefix: 'm_' },
  { name: 'guest', prefix: 'g_' },
  { name: 'agent', prefix: 'a_' },
  { name: 'test', prefix: 't_' },
];

/** Kept for identities that are known by evidence only. */
const RESERVED_CLASSES = ['address', 'unknown'];

const DEFAULT_INTENTS: Readonly<Record<string, IntentRule>> = {
  open_chat: 'allow',
  notification: 'needs-reason',
  page_load: 'deny',
  refresh: 'known-only',
};

/** The classes of people, in order. Each name and each prefix stands for one class. */
export function buildClasses({ file, findings }: ConfigParts): ClassSettings[] {
  const entries = file.data.classes;
  if (!entries) return DEFAULT_CLASSES.map((entry) => ({ ...entry }));
  const classes: ClassSettings[] = [];
  for (const [index, { name, prefix }] of entries.entries()) {
    const fault = (key: 'name' | 'prefix', expected: string, found: string) =>
      findings.fault({ ...file.place(['classes', index, key]), expected, found });
    if (name === undefined) fault('name', 'a class name', 'nothing');
    if (prefix === undefined) fault('prefix', 'a prefix, such as m_', 'nothing');
    if (name !== undefined && RESERVED_CLASSES.includes(name)) {
      fault(
        'name',
        'a name other than address and unknown',
        `"${name}", which is kept for identities known by evidence`,
      );
    }
    if (classes.some((earlier) => earlier.name === name)) fault('name', 'each class once', `"${name}" again`);
    if (classes.some((earlier) => earlier.prefix === prefix)) {
      fault('prefix', 'a prefix of its own for each class', `"${prefix}" again`);
    }
    classes.push({ name: name ?? '', prefix: prefix ?? '' });
  }
  const source = file.offer(['classes'], entries)?.source;
  if (source !== undefined) findings.from('classes', source);
  return classes;
}

/** The shipped intents, changed and extended by the file. At least one must let new people in. */
export function buildIntents({ file, findings }: ConfigParts): Record<string, IntentRule> {
  const intents: Record<string, IntentRule> = { ...DEFAULT_INTENTS };
  for (const [name, rule] of Object.entries(file.data.intents ?? {})) {
    intents[name] = findings.prefer(`intents.${name}`, [file.offer(['intents', name], rule)], rule);
  }
  if (!Object.values(intents).some((rule) => rule === 'allow' || rule === 'needs-reason')) {
    findings.fault({
      ...file.place(['intents']),
      expected: 'at least one intent with allow or needs-reason',
      found: 'none: nobody new could ever get a token',
    });
  }
  return intents;
}
