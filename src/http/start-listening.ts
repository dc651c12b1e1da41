import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Resolves when the server listens, with where; rejects when it cannot. */
export async function startListening(http: Server, port: number, host: string): Promise<AddressInfo> {
  http.listen(port, host);
  await once(http, 'listening');
  return http.address() as AddressInfo;
}
