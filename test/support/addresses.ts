/** As a variable of the gateway names several servers. */
export function addressesOf(servers: readonly { host: string; port: number }[]): string {
  return servers.map(({ host, port }) => `${host}:${port}`).join(',');
}
