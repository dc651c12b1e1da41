import type { ConfigParts } from './config-parts.ts';
import type { AlertTargetEntry } from './guard-schemas.ts';
import { namedSecret } from './named-secret.ts';
import type { AlertSettings, AlertTarget } from './settings.ts';
import { httpUrl, parsedText } from './value-schemas.ts';

/** Pauses grow to half an hour on average, so this is most of a day. */
const DEFAULT_ATTEMPTS = 36;
const SECRET_BYTES_MIN = 24;
const SECRET_BYTES_MAX = 64;

const targetUrl = httpUrl('the address of the webhook', { query: true });

/** As Standard Webhooks has it: 24 to 64 random bytes. */
const webhookSecret = parsedText('whsec_ and 24 to 64 bytes in base64', (text) => {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1] ?? '';
  const bytes = Buffer.from(base64, 'base64').length;
  if (base64.length % 4 === 0 && bytes >= SECRET_BYTES_MIN && bytes <= SECRET_BYTES_MAX)
    return { value: text };
  return { hint: 'make one with: echo "whsec_$(openssl rand -base64 32)"' };
});

/** Who is told when a threshold is reached. Without targets alerts are only kept. */
export function buildAlerts(parts: ConfigParts): AlertSettings {
  const { file, findings } = parts;
  const entry = file.data.alerts;
  const targets: AlertTarget[] = [];
  for (const [index, target] of (entry?.targets ?? []).entries()) {
    targets.push(buildTarget(parts, target, index, targets));
  }
  const pollSeconds = file.offer(['alerts', 'pollSeconds'], entry?.pollSeconds);
  return { targets, pollSeconds: findings.prefer('alerts.pollSeconds', [pollSeconds], 5) };
}

function buildTarget(
  parts: ConfigParts,
  entry: AlertTargetEntry,
  index: number,
  earlier: readonly AlertTarget[],
): AlertTarget {
  const { file, findings } = parts;
  const path = ['alerts', 'targets', index];
  const setting = `alerts.targets.${index}`;
  const fault = (key: string, expected: string, found: string, hint?: string) =>
    findings.fault({ ...file.place([...path, key]), expected, found, ...(hint ? { hint } : {}) });
  findings.from(setting, file.offer(path, entry)?.source ?? 'default');
  if (entry.name === undefined) fault('name', 'a name', 'nothing');
  else if (earlier.some(({ name }) => name === entry.name))
    fault('name', 'each name once', `"${entry.name}" again`);
  if (entry.kind === undefined) fault('kind', 'slack or webhook', 'nothing');
  if (entry.url !== undefined && entry.urlEnv !== undefined) fault('url', 'url or urlEnv', 'both');
  else if (entry.url === undefined && entry.urlEnv === undefined) {
    fault(entry.kind === 'slack' ? 'urlEnv' : 'url', 'where to send alerts', 'nothing');
  } else if (entry.url !== undefined && entry.kind === 'slack') {
    fault('url', 'urlEnv, the name of the variable that holds it', 'a URL', 'whoever has it can post there');
  }
  if (entry.kind === 'webhook' && entry.secretEnv === undefined) {
    fault('secretEnv', 'the name of the variable that holds the signing secret', 'nothing');
  }
  if (entry.kind === 'slack' && entry.secretEnv !== undefined) {
    fault('secretEnv', 'nothing: messages to Slack are not signed', 'a name');
  }
  const url = namedSecret(parts, [...path, 'urlEnv'], entry.urlEnv, targetUrl);
  const secret = namedSecret(parts, [...path, 'secretEnv'], entry.secretEnv, webhookSecret);
  if (url) findings.from(`${setting}.url`, url.source);
  if (secret) findings.from(`${setting}.secret`, secret.source);
  return {
    name: entry.name ?? '',
    kind: entry.kind ?? 'webhook',
    url: entry.url ?? url?.value ?? '',
    secret: secret?.value ?? null,
    timeoutMs: entry.timeoutMs ?? 5000,
    maxAttempts: entry.maxAttempts ?? DEFAULT_ATTEMPTS,
  };
}
