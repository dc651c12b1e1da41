import type { Problem } from './gateway-errors.ts';

/** Reads an answer that is no success; something in front of the gateway may have given it. */
export function readProblem(status: number, headers: Headers, json: unknown): Problem {
  const document = typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
  const text = (name: string, fallback: string) => {
    const value = document[name];
    return typeof value === 'string' && value !== '' ? value : fallback;
  };
  const retryAfter = headers.get('retry-after') ?? '';
  return {
    status,
    title: text('title', `Status ${status}`),
    detail: text('detail', 'The answer is no problem document; is this the address of a gateway?'),
    code: text('code', 'unknown'),
    requestId: text('requestId', headers.get('x-request-id') ?? '') || null,
    errors: Array.isArray(document['errors']) ? document['errors'].flatMap(readFault) : [],
    retryAfterSeconds: /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) : null,
    json,
  };
}

function readFault(value: unknown): { pointer: string; detail: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const { pointer, detail } = value as Record<string, unknown>;
  return typeof pointer === 'string' && typeof detail === 'string' ? [{ pointer, detail }] : [];
}
