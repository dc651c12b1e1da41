import type { Caller } from '../../domain/caller.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import type { Identity } from '../../domain/identity.ts';
import type { Limiter } from '../../domain/limiter.ts';
import { type Refusal, refused } from '../../domain/refusal.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { BondLedger } from '../../ledger/bonds.ts';
import type { ConversationLedger } from '../../ledger/conversations.ts';
import { ledgerRefusals } from '../../ledger/replies.ts';
import type { Authenticator, Credentials, UnreadSource, WaitingConversation } from '../ports.ts';
import type { Person } from '../resolve-identity.ts';

export interface UnreadRequest {
  credentials: Credentials;
  /** Name of the service, as it was asked for. */
  service: string;
  nowMs: number;
}

/** What waits for a person who is not connected. */
export interface UnreadAnswer {
  outcome: 'read';
  /** In the order of SIDs; only conversations with unread messages. */
  conversations: readonly WaitingConversation[];
  /** True when some may be missing, or when the ledger knows nothing of them and Twilio was asked instead. */
  uncertain: boolean;
}

/**
 * Tells somebody how many messages wait for them, so that nobody connects only to look. Reads and nothing else: it
 * mints nothing, counts nobody and makes nobody active at Twilio.
 *
 * Refuses with `not-found` for an unknown service, `unauthenticated` as for a token, `rate-limited` when one person
 * asks too often.
 *
 * @throws GatewayError `ledger-unavailable`, `identity-provider-unavailable`
 */
export type ReadUnread = (request: UnreadRequest) => Promise<UnreadAnswer | Refusal>;

export interface ReadUnreadParts {
  services: readonly ServiceName[];
  authenticator: Authenticator;
  resolveIdentity(caller: Caller): Person | Refusal;
  /** How often one person may ask. */
  limiter: Limiter;
  ledger: Pick<ConversationLedger, 'unread'> & Pick<BondLedger, 'linksOf' | 'identityFile'>;
  /** Null: only the ledger is asked. */
  unreadSource: UnreadSource | null;
}

export function createReadUnread(parts: ReadUnreadParts): ReadUnread {
  const { services, authenticator, resolveIdentity, limiter, ledger, unreadSource } = parts;

  /** What they are served as; a guest who has become a member may not look into what is the member's now. */
  async function findEffective(service: ServiceName, caller: Caller, own: Identity) {
    if (caller.via !== 'guest') return (await ledger.linksOf(service, [own]))[0] ?? own;
    const { servedAs, servedFor } = await ledger.identityFile(service, own);
    return servedAs === null && servedFor !== null ? ledgerRefusals.adopted() : (servedAs ?? own);
  }

  return async ({ credentials, service: asked, nowMs }) => {
    const service = services.find((name) => name === asked);
    if (service === undefined) return refused('not-found', { detail: 'There is no such service.' });
    const caller = await authenticator.authenticate({ ...credentials, service }, nowMs);
    if ('outcome' in caller) return caller;
    const person = resolveIdentity(caller);
    if (person.outcome === 'refused') return person;
    const { allowed, ...verdict } = await limiter.take(`unread:${person.logReference}`);
    if (!allowed) {
      return refused('rate-limited', {
        detail: 'Unread messages were asked for too often.',
        policy: 'unread-requests',
        ...verdict,
      });
    }
    const identity = await findEffective(service, caller, person.identity);
    if (typeof identity !== 'string') return identity;
    const { conversations, incomplete, known } = await ledger.unread(service, identity);
    if (known || unreadSource === null) return { outcome: 'read', conversations, uncertain: incomplete };
    return {
      outcome: 'read',
      conversations: await fill(unreadSource, service, identity, nowMs),
      uncertain: true,
    };
  };
}

/** A look-up that fails finds nothing: a badge is not worth an error. */
async function fill(
  source: UnreadSource,
  service: ServiceName,
  identity: Identity,
  nowMs: number,
): Promise<readonly WaitingConversation[]> {
  try {
    return await source.unread(service, identity, nowMs);
  } catch (error) {
    if (error instanceof GatewayError) return [];
    throw error;
  }
}
