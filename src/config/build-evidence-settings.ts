import type { ConfigParts } from './config-parts.ts';
import type { Settings } from './settings.ts';

const MEBIBYTE = 1024 * 1024;

/** How evidence of activity is taken and kept. */
export function buildEvidenceSettings(parts: ConfigParts): Pick<Settings, 'journal' | 'webhooks'> {
  return { journal: buildJournal(parts), webhooks: buildWebhooks(parts) };
}

function buildJournal({ environment, file, findings }: ConfigParts): Settings['journal'] {
  const key = 'journalMebibytesMax';
  const sizeMax = file.offer(['ledger', key], file.data.ledger?.[key]);
  const path = environment.get('JOURNAL_PATH');
  if (path === undefined) return null;
  const root = findings.prefer('journal.path', [path], '');
  return {
    path: root,
    bytesMax: findings.prefer('journal.bytesMax', [sizeMax], 64) * MEBIBYTE,
    left: { root, processes: 1 },
  };
}

function buildWebhooks({ environment, findings }: ConfigParts): Settings['webhooks'] {
  const current = environment.get('TWILIO_AUTH_TOKEN');
  const previous = environment.get('TWILIO_PREVIOUS_AUTH_TOKEN');
  if (current === undefined) {
    if (previous) findings.notice('TWILIO_PREVIOUS_AUTH_TOKEN: not used without TWILIO_AUTH_TOKEN.');
    return null;
  }
  if (!environment.isSet('PUBLIC_URL')) {
    findings.notice(
      'TWILIO_AUTH_TOKEN: webhooks are answered 404 until PUBLIC_URL is set, which Twilio signs.',
    );
  }
  return {
    authToken: findings.prefer('webhooks.authToken', [current], ''),
    previousAuthToken: findings.prefer<string | null>('webhooks.previousAuthToken', [previous], null),
  };
}
