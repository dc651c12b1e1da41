import type { ServiceName } from '../../domain/service-name.ts';
import type { AcknowledgedWrites } from './connection/acknowledge-writes.ts';
import type { Names } from './names/names.ts';
import type { LedgerClient } from './scripts.ts';

/** Where pages are read from. */
export interface PageSource {
  client: LedgerClient;
  /** For what must not be forgotten once it is answered. */
  writes: AcknowledgedWrites;
  names: Names;
  prefix: string;
  service: ServiceName;
}

/** The results of a pipeline; the first failure in it is thrown. */
export function resultsOf<Result>(replies: [Error | null, unknown][] | null): Result[] {
  return (replies ?? []).map(([error, result]) => {
    if (error) throw error;
    return result as Result;
  });
}
