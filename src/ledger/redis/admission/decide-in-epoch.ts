import { GatewayError } from '../../../domain/gateway-error.ts';
import type { PageSource } from '../pages.ts';
import type { AdmissionWatch } from './admission-watch.ts';

/** A store that lost its data has other codes, and may have fewer mints than were seen; then it is asked again. */
const ATTEMPTS = 4;

/**
 * Has a script decide that does nothing in another epoch than it is told (`codes`), nor while the store has fewer mints than
 * were seen (`behind`).
 *
 * @param learn interns the names that the script needs, as far as they are unknown
 * @throws GatewayError `ledger-unavailable` when it decides nothing time after time
 */
export async function decideInEpoch<Reply>(
  { names, service }: Pick<PageSource, 'names' | 'service'>,
  watch: AdmissionWatch,
  { learn, call }: { learn(): Promise<unknown>; call(epoch: string): Promise<Reply> },
): Promise<Exclude<Reply, 'codes' | 'behind'>> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await learn();
    const epoch = names.epoch(service);
    const reply = await call(epoch);
    if (reply !== 'codes' && reply !== 'behind') return reply as Exclude<Reply, 'codes' | 'behind'>;
    if (reply === 'behind') await watch.announce(service, epoch);
    names.forget(service, epoch);
  }
  throw new GatewayError('ledger-unavailable', 'the ledger keeps losing what it had');
}
