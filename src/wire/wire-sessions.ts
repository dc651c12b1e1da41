import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Settings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import { createEndedSessions } from '../ops/ended-sessions.ts';
import { createOperatorSessions, type OperatorSessions } from '../ops/operator-sessions.ts';
import { createSharedEndedSessions } from '../ops/shared-ended-sessions.ts';
import type { Limits } from './limits.ts';

/**
 * Dashboard sessions. With Redis all gateways know which ones ended. A gateway with an embedded ledger is alone and
 * remembers it in memory; its sessions end with the process, so that none comes back to life at a restart.
 */
export function wireSessions(
  settings: Settings,
  clock: Clock,
  limits: Pick<Limits, 'sessions'>,
): OperatorSessions {
  const own = createEndedSessions(clock);
  const { current, previous } = settings.cookieSecrets;
  return createOperatorSessions({
    secrets:
      limits.sessions === null ? { current: ofThisProcess(current), previous: null } : { current, previous },
    ended: limits.sessions === null ? own : createSharedEndedSessions({ ...limits.sessions, own, clock }),
    grantOf({ name, role }, origin) {
      switch (origin) {
        case 'key': {
          const key = settings.operators.find((one) => one.name === name && one.role === role);
          return key === undefined ? null : markOf(key.sha256);
        }
        case 'oidc':
          return settings.operatorOidc && markOf(settings.operatorOidc.issuer);
        case 'link':
          return settings.demo ? 'demo' : null;
        default:
          return origin satisfies never;
      }
    },
  });
}

/** Tells one key or issuer from another. */
function markOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 11);
}

function ofThisProcess(secret: string): string {
  return createHmac('sha256', secret).update(randomBytes(32)).digest('base64url');
}
