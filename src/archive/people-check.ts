import type { Clock } from '../domain/clock.ts';
import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createLostRowsReader } from './lost-rows.ts';

/** Builds the question whether people of a month have left the ledger for the archive, so that it cannot say who was there. */
export function createPeopleCheck(
  ledger: Pick<Ledger, 'documents' | 'keepDocument'>,
  clock: Clock,
): (service: ServiceName, month: Month) => Promise<boolean> {
  const readLost = createLostRowsReader(ledger, clock);
  return async (service, month) => (await readLost(service, month)).people;
}
