import type { Month } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { Books } from './books.ts';
import { monthOfNumber } from './month-number.ts';

/** Months with at least one identity, newest first. */
export function readMonths({ names, statements }: Books, service: ServiceName): Month[] {
  return statements
    .all<[number]>('read-months', [names.findService(service)])
    .map(([number]) => monthOfNumber(number));
}
