import { GatewayError } from '../../domain/gateway-error.ts';
import { monthOf } from '../../domain/month.ts';
import { reuseEndsSeconds } from '../../domain/token-life.ts';
import type { JournalKeeper } from '../journal/ports.ts';
import type { AdmissionLedger, AdmitRequest, Admitted } from '../ledger.ts';
import type { KnownPeople, KnownPerson } from './known-people.ts';
import { outageLife } from './outage-life.ts';

export interface ServeKnownPeopleParts {
  ledger: Pick<AdmissionLedger, 'admit'>;
  people: KnownPeople;
  /** Null: nobody gets a token that is written down nowhere. */
  journal: Pick<JournalKeeper, 'appendMint'> | null;
  /** Called for every token that is given out without the ledger. Must not throw. */
  onServed(outcome: 'minted' | 'reused'): void;
}

/**
 * Admits by the ledger, and goes on serving those whom this process has seen admitted when that is away: with the token
 * they have, in the first half of its life, else with a new one, whose mint is on this machine's disk before. Everybody
 * else hears that the ledger is away.
 *
 * A block or a link that another gateway made just before is not known here; whoever blocks by this one is obeyed.
 */
export function serveKnownPeople(parts: ServeKnownPeopleParts): AdmissionLedger['admit'] {
  const { ledger, people, journal, onServed } = parts;

  async function serve(request: AdmitRequest): Promise<Admitted | null> {
    const person = people.find(request.service, request.identity);
    if (person === null) return null;
    const last = findReusable(person, request);
    if (last !== null) {
      onServed('reused');
      return last;
    }
    const life = outageLife(person, request.life);
    if (life === null || journal === null) return null;
    const { service, className, tenant, intent, rule } = request;
    const { issuedAt, expiresAt, month, otherMonth } = life;
    const journalMark = await journal.appendMint(service, {
      ...{ identity: person.identity, own: request.identity, className, tenant, intent, rule },
      ...{ firstSeen: firstSeenBy(person, issuedAt), issuedAt, expiresAt, otherMonth },
    });
    const admitted: Admitted = {
      ...{ outcome: 'known', identity: person.identity, issuedAt, expiresAt },
      ...{ ordinal: 0, month, journalMark, withoutLedger: true },
    };
    people.remember(request, admitted);
    onServed('minted');
    return admitted;
  }

  return async (request) => {
    try {
      const decision = await ledger.admit(request);
      if (decision.outcome !== 'refused') people.remember(request, decision);
      else if (isVoid(decision.code)) people.forget(request.service, request.identity);
      return decision;
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code !== 'ledger-unavailable' || journal === null) {
        throw error;
      }
      const served = await serve(request);
      if (served === null) throw error;
      return served;
    }
  };
}

/** The last token, as the ledger would give it out again. */
function findReusable(person: Readonly<KnownPerson>, { life, policyMark }: AdmitRequest): Admitted | null {
  const { identity, issuedAt, expiresAt, ordinal, journalMark } = person;
  if (person.policyMark !== policyMark || monthOf(issuedAt * 1000) !== life.month) return null;
  if (life.issuedAt >= reuseEndsSeconds(issuedAt, expiresAt)) return null;
  return {
    ...{ outcome: 'reuse', identity, issuedAt, expiresAt, ordinal, month: life.month, withoutLedger: true },
    ...(journalMark === null ? {} : { journalMark }),
  };
}

/** What is remembered is of the latest month that has them, which may be another one than the token's. */
function firstSeenBy({ month, firstSeen }: Readonly<KnownPerson>, issuedAt: number): number {
  return monthOf(issuedAt * 1000) === month ? Math.min(firstSeen, issuedAt) : issuedAt;
}

/** Whoever is refused for what they are, not for what came before them, is not served in an outage either. */
function isVoid(code: string): boolean {
  return code === 'identity-blocked' || code === 'unauthenticated';
}
