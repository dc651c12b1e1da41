import { isIP } from 'node:net';
import { connect } from 'node:tls';

export interface ReachTlsOptions {
  host: string;
  port: number;
  /** Until the handshake is over, ms. */
  timeoutMs: number;
  /** Authorities to believe, PEM; default: those of Node.js. */
  ca?: string;
}

/**
 * Shakes hands by TLS and hangs up without a word: whoever answers learns of nobody, and nobody is billed.
 *
 * @throws Error with what the network says, or what is wrong with the certificate
 */
export function reachTls({ host, port, timeoutMs, ca }: ReachTlsOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...{ host, port },
      // An address has no server name (RFC 6066, section 3).
      ...(isIP(host) === 0 && { servername: host }),
      ...(ca !== undefined && { ca }),
    });
    const timer = setTimeout(() => socket.destroy(new Error('no answer in time')), timeoutMs);
    socket.once('close', () => {
      clearTimeout(timer);
      reject(new Error('hung up'));
    });
    // Later ones, such as of hanging up, are of no interest.
    socket.on('error', reject);
    socket.once('secureConnect', () => {
      resolve();
      // Properly, so that it is no broken handshake to the other side; but nobody waits for it to agree.
      socket.end();
      socket.unref();
      timer.unref();
    });
  });
}
