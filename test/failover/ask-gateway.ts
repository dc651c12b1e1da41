import { expect } from '@jest/globals';
import type { TokenAnswer } from '../../src/contract.ts';
import { askForToken, expectProblem } from '../e2e/answers.ts';
import { configuredEnv, SHARED, sharedIssuerFile, signShared } from '../e2e/configured.ts';
import { untilYes } from '../support/ask-redis.ts';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';

/** The deadline of a ledger call is 250 ms, and the promise is 300 ms for the answer; test machines are busy. */
const ANSWER_MS_MAX = 1_500;

/** Line of the config file, about the ledger: Sentinels ask for the password in a variable `SENTINEL_LOGIN`. */
export const SENTINEL_LOGIN = 'sentinelLogin: { passwordEnv: SENTINEL_LOGIN }';

/** A gateway that waits for a call of its store no longer than it ships with, and has served somebody. */
export async function startServing(store: Record<string, string>, known: string): Promise<GatewayProcess> {
  const gateway = await startGateway({
    env: configuredEnv({ [SHARED.variable]: SHARED.secret, ...store }),
    configFile: sharedIssuerFile(250),
  });
  await untilServed(gateway.url, known);
  return gateway;
}

async function statusFor(url: string, subject: string): Promise<number> {
  const response = await askForToken(url, await signShared(subject));
  await response.body?.cancel();
  return response.status;
}

/**
 * A newcomer is served at once after what gateways have to put up with. A busy machine may be late for the ledger's deadline,
 * so it may happen a few times more; who notices does so each time.
 */
export async function expectUnnoticed(
  url: string,
  subject: string,
  upset: () => Promise<unknown>,
): Promise<void> {
  const statuses: number[] = [];
  while (statuses.at(-1) !== 200 && statuses.length < 5) {
    await upset();
    statuses.push(await statusFor(url, subject));
  }
  expect(statuses).toContain(200);
}

/** Everybody is told quickly, in the words of the contract, to come again; answers the slowest, ms. */
export async function expectUnavailable(url: string, subjects: readonly string[]): Promise<number> {
  const times = subjects.map(async (subject) => {
    const login = await signShared(subject);
    const startedAt = performance.now();
    const response = await askForToken(url, login);
    const ms = performance.now() - startedAt;
    expect(await expectProblem(response, 'ledger-unavailable')).toMatchObject({ retryable: true });
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(ms).toBeLessThan(ANSWER_MS_MAX);
    return ms;
  });
  return Math.round(Math.max(...(await Promise.all(times))));
}

/** Asks until there is a token; every answer before must be that of the outage. */
export async function untilServed(url: string, subject: string): Promise<TokenAnswer> {
  let answer: TokenAnswer | null = null;
  await untilYes(`${subject} is served`, async () => {
    const response = await askForToken(url, await signShared(subject));
    if (response.status === 200) answer = (await response.json()) as TokenAnswer;
    else await expectProblem(response, 'ledger-unavailable');
    return response.status === 200;
  });
  return answer as unknown as TokenAnswer;
}
