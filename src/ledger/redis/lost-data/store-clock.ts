import { createServiceKeys } from '../keys.ts';
import type { PageSource } from '../pages.ts';

/** The clock that all gateways of a service share, ms since the epoch: that of the server which has its keys. */
export async function readStoreClock({
  client,
  prefix,
  service,
}: Pick<PageSource, 'client' | 'prefix' | 'service'>): Promise<number> {
  const [seconds, microseconds] = await client.clock(createServiceKeys(prefix, service).names);
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
}
