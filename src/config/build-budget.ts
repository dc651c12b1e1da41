import type { Budget } from '../ledger/ledger.ts';
import type { ServiceEntry } from './config-file-schema.ts';
import type { ConfigParts } from './config-parts.ts';
import type { Environment } from './read-environment.ts';
import type { ClassSettings } from './settings.ts';

/**
 * The initial budget of a service, null without any limit.
 *
 * @param environment null for services that the environment does not speak of
 */
export function buildBudget(
  { file, findings }: ConfigParts,
  name: string,
  entry: ServiceEntry['budget'],
  environment: Environment | null,
  classes: readonly ClassSettings[],
): Budget | null {
  const setting = `services.${name}.budget`;
  const path = ['services', name, 'budget'] as const;
  const all = findings.prefer<number | null>(
    `${setting}.scopes.all`,
    [environment?.get('MAU_BUDGET_IDENTITIES'), file.offer([...path, 'identities'], entry?.identities)],
    null,
  );
  const scopes: Budget['scopes'] = all === null ? {} : { all };
  for (const [className, limit] of Object.entries(entry?.classes ?? {})) {
    const offer = file.offer([...path, 'classes', className], limit);
    scopes[`class:${className}`] = findings.prefer(`${setting}.scopes.class:${className}`, [offer], limit);
    if (!classes.some((known) => known.name === className)) {
      const expected = `one of the classes ${classes.map((known) => known.name).join(', ')}`;
      findings.fault({ ...file.place([...path, 'classes', className]), expected, found: `"${className}"` });
    }
  }
  for (const [tenant, limit] of Object.entries(entry?.tenants ?? {})) {
    const offer = file.offer([...path, 'tenants', tenant], limit);
    scopes[`tenant:${tenant}`] = findings.prefer(`${setting}.scopes.tenant:${tenant}`, [offer], limit);
  }
  const mode = findings.prefer(
    `${setting}.mode`,
    [environment?.get('MAU_BUDGET_MODE'), file.offer([...path, 'mode'], entry?.mode)],
    'warn',
  );
  if (Object.keys(scopes).length > 0) return { mode, scopes };
  if (mode === 'block') {
    findings.notice(`Service ${name}: the budget mode is block, but no limit is set, so nothing is blocked.`);
  }
  return null;
}
