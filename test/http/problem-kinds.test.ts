import { describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { refused } from '../../src/domain/refusal.ts';
import { buildProblem, failureOf, isProblem, type Problem, refusedByHttp } from '../../src/http/problem.ts';
import { PROBLEM_KINDS } from '../../src/http/problem-kinds.ts';

/** The public contract's table. */
const CONTRACT: Record<string, { status: number; members?: string[] }> = {
  'invalid-request': { status: 400, members: ['errors'] },
  unauthenticated: { status: 401 },
  forbidden: { status: 403 },
  'lazy-connect-required': { status: 403, members: ['intent', 'allowedIntents', 'when'] },
  'no-reason-to-connect': { status: 403, members: ['rule'] },
  'human-check-required': { status: 403, members: ['verify'] },
  'guests-not-allowed': { status: 403 },
  'identity-blocked': { status: 403 },
  'new-identities-frozen': { status: 403, members: ['since'] },
  'mau-budget-exhausted': {
    status: 403,
    members: ['budget', 'limit', 'used', 'reserved', 'resetsAt', 'fallback'],
  },
  'not-found': { status: 404 },
  'method-not-allowed': { status: 405 },
  'not-acceptable': { status: 406 },
  conflict: { status: 409, members: ['errors'] },
  'precondition-failed': { status: 412 },
  'payload-too-large': { status: 413 },
  'unsupported-media-type': { status: 415 },
  'rate-limited': { status: 429 },
  internal: { status: 500 },
  'ledger-unavailable': { status: 503 },
  'identity-provider-unavailable': { status: 503 },
  'twilio-unavailable': { status: 503 },
};

const CONTEXT = { publicUrl: null, requestId: 'r-1', path: '/v1/x', authorization: undefined };

describe('problem kinds', () => {
  test('are the codes of the contract, with their statuses and members', () => {
    const kinds = Object.entries(PROBLEM_KINDS).map(([code, { status, members }]) => [
      code,
      members.length === 0 ? { status } : { status, members },
    ]);
    expect(Object.fromEntries(kinds)).toEqual(CONTRACT);
  });

  test.each(Object.entries(PROBLEM_KINDS))('%s explains itself', (_code, kind) => {
    expect(kind.title).toMatch(/^[A-Z].*[^.]$/);
    expect(kind.meaning).toMatch(/\.$/);
    expect(kind.remedy).toMatch(/\.$/);
  });

  test('only rate and outages are worth repeating', () => {
    const retryable = Object.entries(PROBLEM_KINDS).filter(([, kind]) => kind.retryable);
    expect(retryable.map(([, { status }]) => status).sort()).toEqual([429, 503, 503, 503]);
  });

  test('only what wakes a human is an error', () => {
    const errors = Object.entries(PROBLEM_KINDS).filter(([, kind]) => kind.level === 'error');
    expect(errors.map(([code]) => code)).toEqual(['internal', 'ledger-unavailable']);
  });
});

describe('buildProblem', () => {
  test('without a public URL the type is relative', () => {
    const { body } = buildProblem(refusedByHttp('conflict', { detail: 'No.' }), CONTEXT);
    expect(JSON.parse(body)).toEqual({
      type: '/problems/conflict',
      title: 'Conflict',
      status: 409,
      detail: 'No.',
      instance: '/v1/x',
      code: 'conflict',
      requestId: 'r-1',
      retryable: false,
    });
  });

  test('lets nothing out that the code does not name', () => {
    const problem = {
      outcome: 'refused',
      code: 'forbidden',
      detail: 'No.',
      identity: 'm_1',
      used: 7,
    } as Problem;
    expect(Object.keys(JSON.parse(buildProblem(problem, CONTEXT).body))).not.toEqual(
      expect.arrayContaining(['identity']),
    );
    expect(buildProblem(problem, CONTEXT).body).not.toContain('used');
  });

  test('human-check-required and method-not-allowed bring what they promise', () => {
    const verify = { provider: 'turnstile' };
    const check = refused('human-check-required', { detail: 'Prove it.', verify });
    expect(JSON.parse(buildProblem(check, CONTEXT).body)).toMatchObject({ verify });
    const method = refusedByHttp('method-not-allowed', { detail: 'No.', allow: ['GET', 'HEAD'] });
    expect(buildProblem(method, CONTEXT).headers).toEqual(['Allow', 'GET, HEAD']);
  });
});

describe('failureOf', () => {
  test.each([new Error('x'), 'x', undefined, null, { code: 'ledger-unavailable' }])(
    '%p is internal',
    (thrown) => {
      expect(failureOf(thrown)).toMatchObject({ code: 'internal', detail: PROBLEM_KINDS.internal.meaning });
    },
  );

  test('a typed failure keeps its code and its patience, not its message', () => {
    const failure = failureOf(new GatewayError('twilio-unavailable', 'inner', { retryAfterSeconds: 9 }));
    expect(failure).toEqual({
      outcome: 'failed',
      code: 'twilio-unavailable',
      detail: PROBLEM_KINDS['twilio-unavailable'].meaning,
      retryAfterSeconds: 9,
    });
  });
});

test('isProblem knows problems from everything else', () => {
  expect(isProblem(refusedByHttp('conflict', { detail: 'No.' }))).toBe(true);
  expect(isProblem(failureOf(new Error('x')))).toBe(true);
  for (const other of [
    null,
    'x',
    {},
    { outcome: 'refused' },
    { outcome: 'refused', code: 'toString' },
    new Error('x'),
  ]) {
    expect(isProblem(other)).toBe(false);
  }
});
