import { causeOf } from '../cause-of.ts';
import { type Finding, ok, warn } from '../finding.ts';
import type { ReachTls } from '../ports.ts';

/** Where the SDK of browsers and apps connects, by region of the service. */
export function socketHostOf(region: string): string {
  return `tsock.${region}.twilio.com`;
}

/** Whether the host answers with TLS. No socket is opened behind it, and no Client made: that would bill somebody. */
export async function checkSocketHost(host: string, reachTls: ReachTls): Promise<Finding> {
  try {
    await reachTls(host, 443);
    return ok(`${host} answers with TLS`);
  } catch (thrown) {
    const { code, message } = causeOf(thrown);
    return warn({
      detail: `${host} is not reached from this machine: ${code ?? message}`,
      why: 'Chats run over this host, from browsers and apps. On a network that keeps it away people get a token, and never connect.',
      fix: 'Let wss://*.twilio.com, port 443, through the firewalls and proxies of the networks that your people use, without replacing its certificate. When only servers such as this one are kept from it, nothing is wrong.',
    });
  }
}
