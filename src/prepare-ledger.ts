import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfigFault } from './config/config-fault.ts';
import type { Settings } from './config/settings.ts';
import type { Clock } from './domain/clock.ts';
import { GatewayError } from './domain/gateway-error.ts';
import { monthOf } from './domain/month.ts';
import type { ServiceName } from './domain/service-name.ts';
import { JournalUnusable } from './ledger/journal/journal-unusable.ts';
import type { Ledger } from './ledger/ledger.ts';

/** How long a start waits for Redis before it gives up, ms. */
const LEDGER_PATIENCE_MS = 10_000;

/**
 * Makes sure, before the first request, that the ledger answers, was begun with the same identity secret, and
 * knows the configured budgets. Answers what stands against it.
 */
export async function prepareLedger(
  { ledger, identityFingerprint, explainLedgerSilence }: PreparedParts,
  settings: Settings,
  { clock, acceptNewIdentities }: { clock: Clock; acceptNewIdentities: boolean },
): Promise<ConfigFault[]> {
  let answers = false;
  try {
    await answering(
      ledger,
      settings.services.map(({ name }) => name),
    );
    answers = true;
    const verdict = await ledger.checkFingerprint(identityFingerprint, acceptNewIdentities);
    if (verdict === 'different' && !acceptNewIdentities) return [OTHER_IDENTITIES];
    const month = monthOf(clock.now());
    for (const { name, budget } of settings.services) await ledger.configureBudget(name, month, budget);
    return [];
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return [ledgerFault(settings, error, answers ? null : await explainLedgerSilence())];
  }
}

/** What a wired gateway has of these. */
interface PreparedParts {
  ledger: Ledger;
  identityFingerprint: string;
  explainLedgerSilence(): Promise<string | null>;
}

const OTHER_IDENTITIES: ConfigFault = {
  where: 'IDENTITY_SECRET',
  expected: 'the secret (and identity settings) that this ledger was begun with',
  found: 'another one, under which everybody would become a new identity and be billed again',
  hint: 'restore the old secret, or start once with --accept-new-identities',
};

/**
 * A ledger or journal that cannot be used, in the words of the configuration.
 *
 * @param reason what a Redis that does not answer says when it is asked why
 */
export function ledgerFault(
  { ledger }: Settings,
  error: GatewayError,
  reason: string | null = null,
): ConfigFault {
  if (error instanceof JournalUnusable) {
    const expected = `a journal at ${error.path} that this process may use alone`;
    return { where: 'JOURNAL_PATH', expected, found: error.message };
  }
  if (ledger.kind === 'embedded') {
    const expected = `a ledger file at ${ledger.path} that this process may use alone`;
    return { where: 'LEDGER_PATH', expected, found: error.message };
  }
  const where = ledger.connection.kind === 'single' ? 'REDIS_URL' : 'REDIS_*';
  return { where, expected: 'a Redis that answers', found: reason ?? error.message };
}

async function answering(ledger: Ledger, services: readonly ServiceName[]): Promise<void> {
  const giveUpAt = performance.now() + LEDGER_PATIENCE_MS;
  for (;;) {
    try {
      await Promise.all(services.map((service) => ledger.ping(service)));
      return;
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
      await sleep(100);
    }
  }
}
