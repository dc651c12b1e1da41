import { Client as ClientV3 } from '@twilio/conversations';
import { Client as ClientV2 } from 'twilio-conversations-v2';

/** Both versions of the real SDK; their types are the same. */
export const SDKS = [
  { version: '3.0.1', Client: ClientV3 },
  { version: '2.7.0', Client: ClientV2 as unknown as typeof ClientV3 },
];

export type SdkClient = InstanceType<typeof ClientV3>;

/** What a client has said of itself so far, in order: `event` or `event:state`. */
export function record(client: SdkClient): string[] {
  const told: string[] = [];
  client.on('connectionStateChanged', (state) => told.push(state));
  client.on('initialized', () => told.push('initialized'));
  client.on('initFailed', () => told.push('initFailed'));
  client.on('tokenAboutToExpire', () => told.push('tokenAboutToExpire'));
  client.on('tokenExpired', () => told.push('tokenExpired'));
  return told;
}

/** However long a busy machine takes. */
const PATIENT_MS = 30_000;

/** The next time that a client says something; rejects after a while. */
export function next<Event extends Parameters<SdkClient['once']>[0]>(
  client: SdkClient,
  event: Event,
  ms = PATIENT_MS,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${event} within ${ms} ms`)), ms);
    (client.once as (event: string, listener: (value: unknown) => void) => void).call(
      client,
      event,
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
    );
  });
}

/** Waits until something holds. */
export async function until(holds: () => boolean, ms = PATIENT_MS): Promise<void> {
  const end = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > end) throw new Error('it never came to hold');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/**
 * Ends a client. The SDK leaves rejections behind when it is shut down while it still reads its conversations, or after
 * it was denied; nobody could catch them in there.
 */
export async function end(client: SdkClient): Promise<void> {
  const read = client.connectionState === 'connected' ? client.getSubscribedConversations() : null;
  await Promise.allSettled([read]);
  await client.shutdown().catch(() => {});
}

/** Clients of one version, ended together. */
export function createClients(Client: (typeof SDKS)[number]['Client']) {
  const clients: SdkClient[] = [];
  return {
    connect(token: string, url: string): SdkClient {
      const client = new Client(token, { Twilsock: { uri: url } });
      clients.push(client);
      return client;
    },
    async end(): Promise<void> {
      await Promise.all(clients.map(end));
    },
  };
}
