import { expect } from '@jest/globals';
import type { Response } from 'supertest';
import { problemSchema } from '../../src/contract.ts';
import type { ProblemCode } from '../../src/http/problem-code.ts';
import { PROBLEM_KINDS } from '../../src/http/problem-kinds.ts';

/**
 * Asserts everything that all problems have in common, that no member is there but those of the code, and that
 * nothing of a success is.
 */
export function expectProblem(
  response: Response,
  code: ProblemCode,
  members: Record<string, unknown> = {},
): void {
  const { status, title, retryable } = PROBLEM_KINDS[code];
  expect(response.status).toBe(status);
  expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(response.headers['cache-control']).toBe('no-store');
  expect(response.headers).not.toHaveProperty('etag');
  expect(problemSchema.safeParse(response.body).success).toBe(true);
  expect(response.body).toEqual({
    type: `https://gateway.example/problems/${code}`,
    title,
    status,
    detail: expect.stringMatching(/.+/),
    instance: expect.stringMatching(/^\/[^?]*$/),
    code,
    requestId: response.headers['x-request-id'],
    retryable,
    ...members,
  });
}
