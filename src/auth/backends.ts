import { isUtf8 } from 'node:buffer';
import type { Caller } from '../domain/caller.ts';
import type { LimitVerdict } from '../domain/limiter.ts';
import { type Refusal, refused } from '../domain/refusal.ts';
import { createKeyTable } from './key-table.ts';
import type { AuthenticatorOptions, BackendOptions, ClassOptions } from './options.ts';
import { parseSubject } from './subject.ts';
import { unauthenticated } from './unauthenticated.ts';

/** Says whom a trusted backend speaks for. */
export type BackendReader = (apiKey: string, subject: string | undefined) => Caller | Refusal;

export function createBackendReader(
  backends: readonly BackendOptions[],
  classes: readonly ClassOptions[],
  requests?: AuthenticatorOptions['backendRequests'],
): BackendReader {
  const findBackend = createKeyTable(
    backends.map((backend) => ({ sha256: backend.keySha256, holder: backend })),
  );
  return (apiKey, header) => {
    const backend = findBackend(apiKey);
    if (backend === null) return unauthenticated('unknown-backend');
    const limited = requests?.take(backend.name);
    if (limited !== undefined && !limited.allowed) return refuseRate(limited);
    if (header === undefined) return unauthenticated('missing', 'X-Subject is needed beside X-Api-Key.');
    const text = decodeHeader(header);
    if (text === null) return unauthenticated('claims', 'X-Subject must be the bytes of UTF-8.');
    const subject = parseSubject(text);
    if (subject === null) return unauthenticated('claims', 'X-Subject is unusable.');
    const className = backend.classes[0] ?? classes[0]?.name ?? '';
    return Object.freeze({
      issuer: backend.issuer,
      subject,
      className,
      tenant: null,
      display: null,
      via: 'backend',
    } satisfies Caller);
  };
}

function refuseRate({ allowed, ...verdict }: LimitVerdict): Refusal {
  const detail = 'Too many requests of one backend.';
  return refused('rate-limited', { detail, policy: 'backend-requests', ...verdict });
}

/**
 * Node hands over a header's bytes as Latin-1. Read as the UTF-8 that they are, the subject equals the one in
 * the person's own token, and so does the identity. Null when they are not UTF-8.
 */
function decodeHeader(raw: string): string | null {
  const bytes = Buffer.from(raw, 'latin1');
  // Latin-1 cuts what is beyond it; such text cannot come from a header.
  return bytes.toString('latin1') === raw && isUtf8(bytes) ? bytes.toString('utf8') : null;
}
