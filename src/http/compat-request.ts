import { isUtf8 } from 'node:buffer';
import type { Request } from 'express';
import { compatTokenRequestSchema } from '../contract/compat.ts';
import { type InputFault, refused } from '../domain/refusal.ts';
import { checkCredentialCount } from './credentials.ts';
import { refusedInput } from './input-faults.ts';
import { isProblem, type Problem } from './problem.ts';
import { isForm, readWholeBody } from './read-body.ts';
import { checkJsonHeaders, parseJsonObject } from './read-json.ts';
import { searchOf } from './search-of.ts';

/** What a client of `/token` says, wherever it says it. */
export interface CompatRequest {
  service?: string | undefined;
  /** A login token; only where that is taken. */
  password?: string | undefined;
  /** True for a body in JSON, which no form of another page can send. */
  asJson: boolean;
}

/** One name and value, and the beginning of its pointer: `?` in the query, `/` in the body. */
type Sent = readonly [place: '?' | '/', name: string, value: unknown];

const BODY_BYTES_MAX = 8192;
const FIELDS = Object.keys(compatTokenRequestSchema.shape);

/**
 * The fields of a request for `/token`, or the refusal that they deserve. Never settles when the client goes away
 * before the body is whole. A refusal repeats nothing that was sent, names of fields included: a client that builds
 * its query wrongly may have put a login there.
 *
 * @param takesPassword whether a login may come as `password`
 */
export async function readCompatRequest(
  request: Request,
  takesPassword: boolean,
): Promise<CompatRequest | { problem: Problem }> {
  const twice = checkCredentialCount(request);
  if (twice !== null) return { problem: twice };
  const body = request.method === 'POST' ? await readFields(request) : { sent: [], asJson: false };
  if ('problem' in body) return body;
  const sent = [...[...searchOf(request)].map(([name, value]): Sent => ['?', name, value]), ...body.sent];

  const errors = findFaults(sent, takesPassword);
  if (errors.length > 0) {
    return { problem: refused('invalid-request', { detail: 'The request has faults.', errors }) };
  }
  const input = Object.fromEntries(sent.map(([, name, value]) => [name, value]));
  const result = compatTokenRequestSchema.safeParse(input);
  if (!result.success) return { problem: refusedInput(result.error, FIELDS, input) };
  const second = refuseSecondCredential(request, result.data.password);
  return second === null ? { ...result.data, asJson: body.asJson } : { problem: second };
}

function refuseSecondCredential({ headers }: Request, password: string | undefined): Problem | null {
  const other = headers.authorization ?? headers['x-api-key'];
  if (password === undefined || other === undefined) return null;
  return refused('invalid-request', {
    detail: 'Send one credential only.',
    errors: [{ pointer: 'password', detail: 'Stands beside a credential in the headers; send one of them.' }],
  });
}

function findFaults(sent: readonly Sent[], takesPassword: boolean): InputFault[] {
  const strangers = new Set(sent.flatMap(([place, name]) => (FIELDS.includes(name) ? [] : [place])));
  const faults = [...strangers].map((place) => ({
    pointer: place === '?' ? place : '',
    detail: `Something here is unknown; this address takes ${FIELDS.join(', ')}.`,
  }));
  for (const field of FIELDS) {
    const [first, again] = sent.filter(([, name]) => name === field);
    if (again !== undefined)
      faults.push({ pointer: `${again[0]}${field}`, detail: 'May be sent only once.' });
    if (first !== undefined && field === 'password' && !takesPassword) {
      faults.push({
        pointer: `${first[0]}password`,
        detail: 'Is not taken here; send the login in the Authorization header.',
      });
    }
  }
  return faults;
}

/** The fields of a body: JSON, a form, or no body at all. */
async function readFields(
  request: Request,
): Promise<{ sent: readonly Sent[]; asJson: boolean } | { problem: Problem }> {
  const { headers } = request;
  const empty = Number(headers['content-length'] ?? 0) === 0 && headers['transfer-encoding'] === undefined;
  if (headers['content-type'] === undefined && empty) return { sent: [], asJson: false };
  const asForm = isForm(headers);
  const checked = asForm ? { ...headers, 'content-type': 'application/json' } : headers;
  const unreadable = checkJsonHeaders(checked, BODY_BYTES_MAX);
  if (unreadable !== null) return { problem: unreadable };
  const bytes = await readWholeBody(request, BODY_BYTES_MAX);
  if (isProblem(bytes)) return { problem: bytes };
  if (asForm) return readForm(bytes ?? Buffer.alloc(0));
  const parsed = parseJsonObject(bytes);
  if ('problem' in parsed) return parsed;
  return {
    sent: Object.entries(parsed.value).map(([name, value]): Sent => ['/', name, value]),
    asJson: true,
  };
}

function readForm(bytes: Buffer): { sent: readonly Sent[]; asJson: false } | { problem: Problem } {
  if (!isUtf8(bytes)) {
    const detail = 'The body must be UTF-8.';
    return { problem: refused('invalid-request', { detail, errors: [{ pointer: '', detail }] }) };
  }
  const fields = [...new URLSearchParams(bytes.toString('utf8'))];
  return { sent: fields.map(([name, value]): Sent => ['/', name, value]), asJson: false };
}
