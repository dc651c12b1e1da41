import type { ServiceName } from '../../domain/service-name.ts';
import type { Ledger } from '../ledger.ts';
import type { Change } from '../steering.ts';
import type { KnownPeople } from './known-people.ts';
import { type ServeKnownPeopleParts, serveKnownPeople } from './serve-known-people.ts';

export interface WithKnownPeopleParts extends Omit<ServeKnownPeopleParts, 'ledger'> {
  ledger: Ledger;
}

/** A ledger that remembers whom it admitted, and serves them while its store is away. */
export function withKnownPeople(parts: WithKnownPeopleParts): Ledger {
  const { ledger, people } = parts;
  return {
    ...ledger,
    admit: serveKnownPeople(parts),
    async change(service, change, terms) {
      // Before and after: nobody is served meanwhile, and whoever was asking meanwhile is not remembered for it.
      forgetChanged(people, service, change);
      try {
        return await ledger.change(service, change, terms);
      } finally {
        forgetChanged(people, service, change);
      }
    },
    async adopt(service, adoption) {
      const outcome = await ledger.adopt(service, adoption);
      people.forget(service, adoption.guest);
      people.forget(service, adoption.member);
      return outcome;
    },
  };
}

/** Whoever is not served as before is asked of the ledger anew. */
function forgetChanged(people: KnownPeople, service: ServiceName, change: Change): void {
  switch (change.kind) {
    case 'block':
      if (change.blocked) people.forgetServedAs(service, [change.identity]);
      return;
    case 'link':
      for (const { own } of change.links) people.forget(service, own);
      return;
    case 'erase':
      people.forgetServedAs(
        service,
        change.erasures.map(({ identity }) => identity),
      );
      return;
    default:
  }
}
