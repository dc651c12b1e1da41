import type { ServiceName } from '../../../domain/service-name.ts';
import type { RetentionLedger } from '../../retention.ts';
import type { PageSource } from '../pages.ts';
import { finishMints, raiseFigures, restoreMints, restorePeople } from './restore.ts';
import { trimConversations, trimMints, trimPeople } from './trim.ts';

/** @param guarded turns whatever the client throws into `ledger-unavailable` */
export function createRedisRetention(
  of: (service: ServiceName) => PageSource,
  guarded: <Result>(operation: string, run: () => Promise<Result>) => Promise<Result>,
): RetentionLedger {
  return {
    trimMints: (service, month, upTo) => guarded('trim', () => trimMints(of(service), month, upTo)),
    trimPeople: (service, month, after) => guarded('trim', () => trimPeople(of(service), month, after)),
    trimConversations: (service, month, after) =>
      guarded('trim', () => trimConversations(of(service), month, after)),
    restoreMints: (service, month, back) => guarded('restore', () => restoreMints(of(service), month, back)),
    finishMints: (service, month, last) => guarded('restore', () => finishMints(of(service), month, last)),
    restorePeople: (service, month, people, how) =>
      guarded('restore', () => restorePeople(of(service), month, people, how)),
    raiseFigures: (service, month, figures) =>
      guarded('restore', () => raiseFigures(of(service), month, figures)),
  };
}
