import type { IncomingMessage } from 'node:http';
import { parse } from 'node:querystring';
import type { WebhookParams } from '../signals/ports.ts';
import type { SignedRequest } from '../signals/webhook/check-signature.ts';
import { isProblem, type Problem, refusedByHttp } from './problem.ts';
import { isForm, readWholeBody } from './read-body.ts';
import { guessSentUrls } from './sent-urls.ts';

/** Far above what a message of 1,600 characters and usual attributes take, percent-encoded. */
const BODY_BYTES_MAX = 65_536;
const FIELDS_MAX = 1_000;

/**
 * The fields of a form of Twilio's, or the refusal that its headers or its size deserve. Never settles when the client
 * goes away before the form is whole. The names are Twilio's, such as `MessagingBinding.Address`; nothing is nested.
 */
export async function readTwilioForm(request: IncomingMessage): Promise<{ params: WebhookParams } | Problem> {
  const { headers } = request;
  const coding = headers['content-encoding'] ?? 'identity';
  if (!isForm(headers) || coding !== 'identity') {
    const detail = 'The body must be application/x-www-form-urlencoded in UTF-8, without a content encoding.';
    return refusedByHttp('unsupported-media-type', { detail });
  }
  const body = await readWholeBody(request, BODY_BYTES_MAX);
  if (isProblem(body)) return body;
  return { params: parse(body?.toString('utf8') ?? '', '&', '=', { maxKeys: FIELDS_MAX }) };
}

/** What Twilio's signature of a request is held against, and the service that its address names. */
export function readSignedRequest(
  request: IncomingMessage & { originalUrl?: string },
  publicUrl: string,
  nowMs: number,
): SignedRequest & { service: string | null } {
  const { headers } = request;
  // Where a router is mounted Express cuts its path off `url`.
  const target = request.originalUrl ?? request.url ?? '/';
  const signature = headers['x-twilio-signature'];
  return {
    signature: typeof signature === 'string' ? signature : null,
    url: `${publicUrl}${target}`,
    otherUrls: () => guessSentUrls(headers, target, publicUrl),
    service: readService(target),
    nowMs,
  };
}

function readService(target: string): string | null {
  const from = target.indexOf('?');
  if (from < 0) return null;
  const { service } = parse(target.slice(from + 1));
  return typeof service === 'string' && service !== '' ? service : null;
}
