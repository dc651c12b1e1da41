import { SHADOW_RULES } from '../policy/rules.ts';
import type { ConfigParts } from './config-parts.ts';
import type { ConnectSettings } from './settings.ts';

/** Who never connects, whatever the intent. */
export function buildConnect(parts: ConfigParts): ConnectSettings {
  const { file, findings } = parts;
  const entry = file.data.connect;
  const pick = <K extends keyof ConnectSettings>(key: K, fallback: ConnectSettings[K]): ConnectSettings[K] =>
    findings.prefer<ConnectSettings[K]>(
      `connect.${key}`,
      [file.offer(['connect', key], entry?.[key] as ConnectSettings[K] | undefined)],
      fallback,
    );
  refuseUnknownRules(parts, entry?.shadow ?? []);
  const requireOrigin = pick('requireOrigin', false);
  if (requireOrigin) refuseNobodysOrigin(parts);
  return {
    shadow: pick('shadow', []),
    requireOrigin,
    crawlers: pick('crawlers', true),
    monthTurnQuietSeconds: pick('monthTurnQuietSeconds', 900),
    lookUp: pick('lookUp', false),
  };
}

function refuseUnknownRules({ file, findings }: ConfigParts, names: readonly string[]): void {
  for (const [index, name] of names.entries()) {
    const fault = (expected: string, found: string) =>
      findings.fault({ ...file.place(['connect', 'shadow', index]), expected, found });
    if (!SHADOW_RULES.includes(name)) fault(`one of ${SHADOW_RULES.join(', ')}`, `"${name}"`);
    else if (names.indexOf(name) < index) fault('each rule once', `"${name}" again`);
  }
}

function refuseNobodysOrigin({ environment, file, findings }: ConfigParts): void {
  if (environment.isSet('PUBLIC_URL') || environment.isSet('CORS_ORIGINS')) return;
  findings.fault({
    ...file.place(['connect', 'requireOrigin']),
    expected: 'PUBLIC_URL or CORS_ORIGINS beside it',
    found: 'neither: every browser would be refused',
  });
}
