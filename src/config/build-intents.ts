import type { ConfigParts } from './config-parts.ts';
import type { IntentRule } from './settings.ts';

const DEFAULT_INTENTS: Readonly<Record<string, IntentRule>> = {
  open_chat: 'allow',
  notification: 'needs-reason',
  page_load: 'deny',
  refresh: 'known-only',
};

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
