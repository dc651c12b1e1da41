import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { problemSchema, type TokenAnswer } from '../../src/contract.ts';
import type { ProblemCode } from '../../src/http/problem-code.ts';
import { PROBLEM_KINDS } from '../../src/http/problem-kinds.ts';

/** What every problem of a code has in common; answers its body. Asserts that nothing of a success is there. */
export async function expectProblem(response: Response, code: ProblemCode): Promise<Record<string, unknown>> {
  const text = await response.text();
  const { status, title, retryable } = PROBLEM_KINDS[code];
  expect({ status: response.status, text }).toEqual({ status, text: expect.stringContaining(`"${code}"`) });
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('no-store');
  const body = JSON.parse(text) as Record<string, unknown>;
  expect(problemSchema.safeParse(body).success).toBe(true);
  expect(body).toMatchObject({
    ...{ type: `/problems/${code}`, title, status, code, retryable },
    requestId: response.headers.get('x-request-id'),
  });
  for (const absent of ['token', 'identity', 'demo']) expect(body).not.toHaveProperty(absent);
  return body;
}

export interface Ask {
  body?: unknown;
  headers?: Record<string, string>;
}

/** Asks a gateway for a token, as the holder of a bearer token. */
export function askForToken(
  url: string,
  bearer: string | null,
  { body, headers }: Ask = {},
): Promise<Response> {
  return fetch(`${url}/v1/tokens`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      ...headers,
    },
    body: JSON.stringify(body ?? { intent: 'open_chat' }),
  });
}

/** The answer to somebody who must get a token. */
export async function tokenFor(url: string, bearer: string, ask: Ask = {}): Promise<TokenAnswer> {
  const response = await askForToken(url, bearer, ask);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status}: ${text}`);
  return JSON.parse(text) as TokenAnswer;
}

/** A ledger that is late once, for a deadline as short as it ships with, answers when it is asked again. */
const RETRIED_MS = 10_000;

/** The month's summary by ops key; asks again while the answer is that of an outage. */
export async function monthSummary(url: string, opsKey: string, month = 'current') {
  const headers = { authorization: `Bearer ${opsKey}` };
  const ask = () => fetch(`${url}/v1/months/${month}`, { headers });
  const giveUpAt = performance.now() + RETRIED_MS;
  let response = await ask();
  while (response.status === 503 && performance.now() < giveUpAt) {
    await expectProblem(response, 'ledger-unavailable');
    await sleep(50);
    response = await ask();
  }
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status}: ${text}`);
  return JSON.parse(text) as {
    month: string;
    identities: { total: number; byClass: Record<string, number> };
    mints: { minted: number; reused: number; refused: Record<string, number> };
    budget: { limit: number; used: number; remaining: number } | null;
  };
}
