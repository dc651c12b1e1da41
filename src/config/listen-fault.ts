import type { ConfigFault } from './config-fault.ts';

/** What the system says of an address that is not this machine's, or of a name that nobody knows. */
const NOT_HERE: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL']);

/** What listens on a port. */
export interface Listener {
  listen(port: number, host: string): Promise<unknown>;
}

/** Listens on a port; answers why it could not be had, null when it was. */
export async function takePort(
  listener: Listener,
  where: string,
  host: string,
  port: number,
): Promise<ConfigFault | null> {
  try {
    await listener.listen(port, host);
    return null;
  } catch (error) {
    return listenFault(where, host, port, error);
  }
}

function listenFault(where: string, host: string, port: number, error: unknown): ConfigFault {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error);
  if (NOT_HERE.has(reason)) {
    return { where: 'HOST', expected: 'an address of this machine', found: `${host}: ${reason}` };
  }
  return { where, expected: `a free port on ${host}`, found: `${port}: ${reason}` };
}
