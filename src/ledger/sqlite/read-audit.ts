import type { ServiceName } from '../../domain/service-name.ts';
import type { Page, PageRequest } from '../page.ts';
import type { AuditEntry, StoredAuditEntry } from '../steering.ts';
import type { Books } from './books.ts';
import { readNewestFirst, toId } from './newest-first.ts';

/** Operators' writes, newest first. */
export function readAudit(
  { names, statements }: Books,
  service: ServiceName,
  page: PageRequest,
): Page<StoredAuditEntry> {
  return readNewestFirst(statements, 'read-audit', names.findService(service), page, (number, text) => {
    return { id: toId(number), ...(JSON.parse(text) as AuditEntry) } satisfies StoredAuditEntry;
  });
}
