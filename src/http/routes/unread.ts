import { createHash } from 'node:crypto';
import { type Request, Router } from 'express';
import type { UnreadAnswer } from '../../contract/unread.ts';
import type { Clock } from '../../domain/clock.ts';
import { DEFAULT_SERVICE } from '../../domain/service-name.ts';
import type { ReadUnread } from '../../issue/unread/read-unread.ts';
import { checkCredentialCount, readCredentials } from '../credentials.ts';
import { hasTag } from '../has-tag.ts';
import { limitFailures } from '../limits.ts';
import { readQuery, refusedQuery } from '../operator-query.ts';
import type { Origins } from '../origins.ts';
import { enterFor, type FailedAuthentications } from '../outside-calls.ts';

export interface UnreadRoutesDeps {
  readUnread: ReadUnread;
  origins: Origins;
  clock: Clock;
  /** Counts requests that failed to authenticate, by address block. */
  failedAuthentications: FailedAuthentications;
}

/** `GET /v1/me/unread`: what waits for the one who asks, without connecting. To be mounted at `/v1/me`. */
export function createUnreadRoutes({ readUnread, clock, ...deps }: UnreadRoutesDeps): Router {
  const router = Router({ caseSensitive: true });

  router.get('/unread', async (request, response, next) => {
    const problem = checkCredentialCount(request);
    if (problem !== null) return next(problem);
    const { query, faults } = readQuery(request, ['service']);
    if (faults.length > 0) return next(refusedQuery(faults));
    const service = query.service ?? DEFAULT_SERVICE;
    const nowMs = clock.now();
    const credentials = readReaderCredentials(request, deps, service);
    const read = await readUnread({ credentials, service, nowMs });
    if (read.outcome === 'refused') {
      const failed = read.code === 'unauthenticated';
      return next(failed ? await limitFailures(read, request.ip, deps.failedAuthentications) : read);
    }
    const { conversations, uncertain } = read;
    const answer: UnreadAnswer = {
      unread: conversations.reduce((sum, { unread }) => sum + unread, 0),
      conversations: [...conversations],
      asOf: new Date(nowMs).toISOString(),
      ...(uncertain ? { uncertain } : {}),
    };
    const tag = tagOf(answer);
    response.setHeader('ETag', tag);
    // Kept by the browser for the one who asked, and asked for anew each time.
    response.setHeader('Cache-Control', 'private, no-cache');
    response.vary('Authorization, Cookie, X-Api-Key, X-Subject');
    if (hasTag(request.headers['if-none-match'], tag)) response.status(304).end();
    else response.json(answer);
  });

  return router;
}

/**
 * As for a token, but for the origin: browsers name none when a page of the same origin reads, and what a foreign page
 * asks for it cannot read. A foreign origin that is named is believed no more than elsewhere.
 */
function readReaderCredentials(
  request: Request,
  { origins, failedAuthentications }: Pick<UnreadRoutesDeps, 'origins' | 'failedAuthentications'>,
  service: string,
) {
  const enter = enterFor(failedAuthentications, request, ({ ip }) => ip);
  const credentials = readCredentials(request, origins, service, enter);
  return request.headers.origin === undefined ? { ...credentials, originTrusted: true } : credentials;
}

/** Over SIDs and counts alone, and so a weak one: the instant in the answer goes on. */
function tagOf({ conversations, uncertain }: UnreadAnswer): string {
  const text = JSON.stringify([conversations.map(({ sid, unread }) => [sid, unread]), uncertain === true]);
  return `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}
