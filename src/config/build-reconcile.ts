import type { ConfigParts } from './config-parts.ts';
import type { Settings } from './settings.ts';

const EVERY_HOURS = 6;
/** The only category that Twilio names for monthly active users. */
const CATEGORY = 'pchat-users';

/** How months are held against Twilio's own figures, and what signs their manifests. */
export function buildReconcile({
  environment,
  file,
  findings,
}: ConfigParts): Pick<Settings, 'reconcile' | 'manifestSigningKey' | 'manifestPreviousKeys'> {
  const entry = file.data.reconcile;
  const everyHours = file.offer(['reconcile', 'everyHours'], entry?.everyHours);
  const category = file.offer(['reconcile', 'category'], entry?.category);
  return {
    reconcile: {
      everyHours: findings.prefer('reconcile.everyHours', [everyHours], EVERY_HOURS),
      category: findings.prefer('reconcile.category', [category], CATEGORY),
    },
    manifestSigningKey: findings.prefer<string | null>(
      'manifestSigningKey',
      [environment.get('MANIFEST_SIGNING_KEY')],
      null,
    ),
    manifestPreviousKeys: findings.prefer<string[]>(
      'manifestPreviousKeys',
      [file.offer(['manifests', 'previousKeys'], file.data.manifests?.previousKeys)],
      [],
    ),
  };
}
