import type { ServiceName } from '../../domain/service-name.ts';
import type { Alert, ForecastCrossing } from '../alert-book.ts';
import type { Books } from './books.ts';
import { keepDocument } from './month-papers.ts';

/** Inside a transaction. Answers whether it was written now. */
export function writeForecastAlert(
  books: Books,
  service: ServiceName,
  { month, at, limit, forecast }: ForecastCrossing,
): boolean {
  const seconds = Math.floor(at / 1000);
  const paper = { name: 'forecast-alert', text: String(seconds) };
  if (!keepDocument(books, service, month, paper, null)) return false;
  const alert: Omit<Alert, 'id'> = {
    ...{ at: seconds * 1000, month, budget: 'forecast', threshold: 100, state: 'firing', limit },
    used: forecast,
  };
  books.statements.run('add-alert', [books.names.numberOf(service), JSON.stringify(alert)]);
  return true;
}
