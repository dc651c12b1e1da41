import type { IncomingMessage } from 'node:http';
import { parse } from 'node:querystring';
import { type Request, Router } from 'express';
import type { Clock } from '../../domain/clock.ts';
import { refused } from '../../domain/refusal.ts';
import type { TakeWebhook } from '../../signals/webhook/take-webhook.ts';
import { type Problem, refusedByHttp } from '../problem.ts';
import { readBody } from '../read-json.ts';
import { guessSentUrls } from '../sent-urls.ts';

export interface WebhookRoutesDeps {
  /** Null when nothing is configured to check signatures with. */
  webhooks: { takeWebhook: TakeWebhook; publicUrl: string } | null;
  clock: Clock;
}

/** Far above what a message of 1,600 characters and usual attributes take, percent-encoded. */
const BODY_BYTES_MAX = 65_536;
const FORM_TYPE =
  /^application\/x-www-form-urlencoded[ \t]*(?:;[ \t]*charset[ \t]*=[ \t]*"?utf-8"?[ \t]*)?$/i;
const FIELDS_MAX = 1_000;

/** `POST /v1/webhooks/twilio`: post-action webhooks of Conversations. To be mounted at `/v1/webhooks/twilio`. */
export function createWebhookRoutes({ webhooks, clock }: WebhookRoutesDeps): Router {
  const router = Router({ caseSensitive: true });

  router.post('/', async (request, response, next) => {
    if (webhooks === null) return next(refused('not-found', { detail: 'Webhooks are not set up here.' }));
    const { takeWebhook, publicUrl } = webhooks;
    const signature = request.get('X-Twilio-Signature') ?? null;
    const body = await readForm(request);
    if (!Buffer.isBuffer(body)) return next(body);
    const refusal = await takeWebhook({
      // The names are Twilio's, such as `MessagingBinding.Address`; nothing is nested.
      params: parse(body.toString('utf8'), '&', '=', { maxKeys: FIELDS_MAX }),
      signature,
      url: `${publicUrl}${request.originalUrl}`,
      otherUrls: () => guessSentUrls(request.headers, request.originalUrl, publicUrl),
      service: readService(request),
      nowMs: clock.now(),
    });
    if (refusal !== null) return next(refusal);
    // What a pre-action webhook, sent here by mistake, takes for consent.
    response.json({});
  });

  return router;
}

function readForm(request: IncomingMessage): Promise<Buffer | Problem> {
  const { headers } = request;
  const coding = headers['content-encoding'] ?? 'identity';
  if (!FORM_TYPE.test(headers['content-type'] ?? '') || coding !== 'identity') {
    const detail = 'The body must be application/x-www-form-urlencoded in UTF-8, without a content encoding.';
    return Promise.resolve(refusedByHttp('unsupported-media-type', { detail }));
  }
  return new Promise((resolve) => {
    readBody(request, BODY_BYTES_MAX, (body, problem) => resolve(problem ?? body ?? Buffer.alloc(0)));
  });
}

function readService({ query }: Request): string | null {
  const { service } = query;
  return typeof service === 'string' && service !== '' ? service : null;
}
