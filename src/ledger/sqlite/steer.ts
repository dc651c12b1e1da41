import type { Identity } from '../../domain/identity.ts';
import type { Month } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { Budget } from '../ledger.ts';
import type { Books } from './books.ts';
import { monthNumber } from './month-number.ts';

const FINGERPRINT_KEY = 'identity-fingerprint';

/** The writes of an operator, each inside a transaction. */
export const steer = {
  budget(books: Books, service: ServiceName, month: Month, budget: Budget | null): void {
    const text = budget === null ? null : JSON.stringify(budget);
    books.statements.run('set-budget', [books.names.numberOf(service), monthNumber(month), text]);
    books.forgetLimits();
  },

  freeze(books: Books, service: ServiceName, month: Month, since: string | null): void {
    books.statements.run('set-freeze', [books.names.numberOf(service), monthNumber(month), since]);
    books.forgetLimits();
  },

  block(books: Books, service: ServiceName, identity: Identity, blocked: boolean): void {
    books.statements.run(blocked ? 'add-block' : 'remove-block', [books.names.numberOf(service), identity]);
  },

  link(books: Books, service: ServiceName, own: Identity, effective: Identity): void {
    books.statements.run('set-link', [books.names.numberOf(service), own, effective]);
  },

  fingerprint({ statements }: Books, fingerprint: string, replace: boolean): 'first' | 'same' | 'different' {
    const known = statements.get<[string]>('read-setting', [FINGERPRINT_KEY])?.[0];
    if (known === fingerprint) return 'same';
    if (known === undefined || replace) statements.run('write-setting', [FINGERPRINT_KEY, fingerprint]);
    return known === undefined ? 'first' : 'different';
  },
};
