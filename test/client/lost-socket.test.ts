import { afterEach, expect, it } from '@jest/globals';
import { createChatGate, type Phase, type SdkModule, TokenSource } from '../../src/client/index.ts';
import { systemClock } from '../../src/system-clock.ts';
import {
  type FakeAccountSocket,
  signToken,
  startAccount,
} from '../demo/twilio-socket/support/fake-account.ts';
import { SDKS, type SdkClient, until } from '../demo/twilio-socket/support/sdk.ts';

// The real SDK, and a socket that opens and is lost before Twilio has answered.

let account: FakeAccountSocket;
afterEach(() => account.twilsock.close());

it.each(SDKS)('SDK $version gets back what was lost before it was let in', async ({ Client }) => {
  let fault: 'hang' | null = 'hang';
  account = await startAccount(systemClock, { fault: () => fault });
  const { twilsock } = account;
  const gate = createChatGate<SdkClient>({
    loadSdk: async () => ({ Client }) as unknown as SdkModule<SdkClient>,
    clientOptions: { Twilsock: { uri: twilsock.url } },
    tokenSource: TokenSource.custom(async () => signToken()),
  });
  const phases: Phase[] = [];
  gate.on('phase', ({ phase }) => phases.push(phase));
  const client = gate.connect();
  await until(() => twilsock.open() === 1);
  await new Promise((resolve) => setTimeout(resolve, 200));
  fault = null;
  twilsock.drop();

  await client;
  expect(phases).toEqual(['loading', 'connecting', 'ready']);
  expect(twilsock.open()).toBe(1);
  await gate.close();
});
