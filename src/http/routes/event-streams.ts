import { type Request, Router } from 'express';
import type { Clock } from '../../domain/clock.ts';
import { refused } from '../../domain/refusal.ts';
import type { TakeEventStream } from '../../signals/event-stream/take-event-stream.ts';
import { type Problem, refusedByHttp } from '../problem.ts';
import { collectBody } from '../read-body.ts';
import { readSignedRequest } from '../twilio-request.ts';

export interface EventStreamRoutesDeps {
  /** Null when nothing is configured to check signatures with. */
  eventStream: { takeEventStream: TakeEventStream; publicUrl: string } | null;
  clock: Clock;
}

const BODY_BYTES_MAX = 1_048_576;
/** CloudEvents have media types of their own. */
const JSON_TYPE =
  /^application\/(?:json|cloudevents(?:-batch)?\+json)[ \t]*(?:;[ \t]*charset[ \t]*=[ \t]*"?utf-8"?[ \t]*)?$/i;

/** `POST /v1/webhooks/twilio/event-streams`: batches of Twilio Event Streams. To be mounted there. */
export function createEventStreamRoutes({ eventStream, clock }: EventStreamRoutesDeps): Router {
  const router = Router({ caseSensitive: true });

  router.post('/', async (request, response, next) => {
    if (eventStream === null) return next(refused('not-found', { detail: 'Event Streams are not set up.' }));
    const body = await readJson(request);
    if (!Buffer.isBuffer(body)) return next(body);
    const { takeEventStream, publicUrl } = eventStream;
    const refusal = await takeEventStream({
      ...readSignedRequest(request, publicUrl, clock.now()),
      body,
    });
    if (refusal !== null) return next(refusal);
    response.json({});
  });

  return router;
}

function readJson(request: Request): Promise<Buffer | Problem> {
  const { headers } = request;
  const coding = headers['content-encoding'] ?? 'identity';
  if (!JSON_TYPE.test(headers['content-type'] ?? '') || coding !== 'identity') {
    const detail = 'The body must be JSON in UTF-8, without a content encoding.';
    return Promise.resolve(refusedByHttp('unsupported-media-type', { detail }));
  }
  return collectBody(request, BODY_BYTES_MAX);
}
