import type { ConfigParts } from './config-parts.ts';
import type { Settings } from './settings.ts';

/** A year ago is there to compare with, and the month before that one. */
const MINT_MONTHS = 13;
/** Longer than evidence is believed (400 days), so that by itself nothing late is ever dropped. */
const IDENTITY_MONTHS = 15;
const CONVERSATION_MONTHS = 13;

/** How long rows stay in the ledger, and where they go before they leave it. */
export function buildRetention({ file, findings }: ConfigParts): Settings['retention'] {
  const entry = file.data.retention;
  const prefer = (key: 'mintMonths' | 'identityMonths' | 'conversationMonths', fallback: number) =>
    findings.prefer(`retention.${key}`, [file.offer(['retention', key], entry?.[key])], fallback);
  const offered = file.offer(['retention', 'archive'], entry?.archive);
  const retention = {
    archive: findings.prefer<string | null>('retention.archive', [offered], null),
    mintMonths: prefer('mintMonths', MINT_MONTHS),
    identityMonths: prefer('identityMonths', IDENTITY_MONTHS),
    conversationMonths: prefer('conversationMonths', CONVERSATION_MONTHS),
  };
  if (retention.archive === null && !isDefault(retention)) {
    findings.notice('retention: nothing leaves the ledger until retention.archive names a folder.');
  }
  return retention;
}

function isDefault({ mintMonths, identityMonths, conversationMonths }: Settings['retention']): boolean {
  return (
    mintMonths === MINT_MONTHS &&
    identityMonths === IDENTITY_MONTHS &&
    conversationMonths === CONVERSATION_MONTHS
  );
}
