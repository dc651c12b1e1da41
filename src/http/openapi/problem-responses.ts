import type { ResponseConfig } from '@asteasolutions/zod-to-openapi';
import { problemSchema } from '../../contract.ts';
import type { ProblemCode } from '../problem-code.ts';
import { PROBLEM_KINDS } from '../problem-kinds.ts';

/** Headers that come with a status, beside those that every answer has. */
const HEADERS: Record<number, Record<string, string>> = {
  401: { 'WWW-Authenticate': 'RFC 6750 challenge.' },
  405: { Allow: 'The methods of this address.' },
  429: {
    'Retry-After': 'Seconds to wait.',
    'RateLimit-Policy': 'The limit that was hit: quota `q` in a window of `w` seconds.',
    RateLimit: 'What remains of it, `r`, and for how many seconds, `t`.',
  },
  503: { 'Retry-After': 'Seconds to wait.' },
};

/** OpenAPI responses for problem codes; codes that share a status share its response. */
export function problemResponses(codes: readonly ProblemCode[]): Record<string, ResponseConfig> {
  const statuses = [...new Set(codes.map((code) => PROBLEM_KINDS[code].status))];
  return Object.fromEntries(
    statuses.map((status) => {
      const group = codes.filter((code) => PROBLEM_KINDS[code].status === status);
      return [String(status), problemResponse(status, group)];
    }),
  );
}

function problemResponse(status: number, codes: readonly ProblemCode[]): ResponseConfig {
  const headers = Object.entries(HEADERS[status] ?? {}).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' as const } },
  ]);
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEM_KINDS[code].meaning}`).join('\n\n'),
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
    content: {
      'application/problem+json': {
        schema: problemSchema,
        examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
      },
    },
  };
}

function exampleOf(code: ProblemCode): object {
  const { title, status, meaning, retryable } = PROBLEM_KINDS[code];
  const instance = '/v1/tokens';
  return {
    type: `/problems/${code}`,
    title,
    status,
    detail: meaning,
    instance,
    code,
    requestId: 'q7Zk0aLm-1',
    retryable,
  };
}
