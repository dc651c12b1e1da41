import type { Settings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import { createRateLimiter } from '../http/limits.ts';
import { createUnreadRoutes, type UnreadRoutesDeps } from '../http/routes/unread.ts';
import { createReadUnread, type ReadUnreadParts } from '../issue/unread/read-unread.ts';
import { createUnreadSource } from '../twilio/create-unread-source.ts';
import { readsOf } from './reads-of.ts';

export interface WireUnreadOptions
  extends Pick<ReadUnreadParts, 'authenticator' | 'resolveIdentity' | 'ledger'>,
    Pick<UnreadRoutesDeps, 'origins' | 'failedAuthentications'> {
  settings: Settings;
  clock: Clock;
}

/** A few tabs that look every few seconds stay below it. For one person, in each process. */
const READS_PER_MINUTE = 120;

/** The badge of a chat that is not open. */
export function wireUnread({ settings, clock, origins, failedAuthentications, ...parts }: WireUnreadOptions) {
  const readUnread = createReadUnread({
    ...parts,
    services: settings.services.map(({ name }) => name),
    limiter: createRateLimiter({ perMinute: READS_PER_MINUTE, clock }),
    unreadSource: settings.unread.fill ? createUnreadSource(readsOf(settings)) : null,
  });
  return ['/v1/me', createUnreadRoutes({ readUnread, origins, clock, failedAuthentications })] as const;
}
