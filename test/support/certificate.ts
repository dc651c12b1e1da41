import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Certificate {
  certFile: string;
  keyFile: string;
  /** Who vouches for it. Default: it does so itself. */
  authorityFile?: string;
  remove(): Promise<void>;
}

const run = promisify(execFile);

/** A certificate for 127.0.0.1 that vouches for itself, made by openssl: whoever is to trust it must be told. */
export async function makeCertificate(): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), 'mau-guard-certificate-'));
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=redis'],
    ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', keyFile, '-out', certFile],
  ]);
  return { certFile, keyFile, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A certificate for 127.0.0.1 that an authority of its own has signed; only that has to be trusted. */
export async function makeSignedCertificate(): Promise<Certificate & { authorityFile: string }> {
  const authority = await makeCertificate();
  const folder = await mkdtemp(join(tmpdir(), 'mau-guard-certificate-'));
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=node'],
    ...['-CA', authority.certFile, '-CAkey', authority.keyFile, '-addext', 'basicConstraints=CA:FALSE'],
    ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', keyFile, '-out', certFile],
  ]);
  return {
    ...{ certFile, keyFile, authorityFile: authority.certFile },
    async remove() {
      await authority.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a redis-server needs to speak TLS on a port of its own, also to other servers. */
export function tlsArgs(
  port: number,
  { certFile, keyFile, authorityFile = certFile }: Certificate,
): string[] {
  return [
    ...['--tls-port', String(port), '--tls-cert-file', certFile, '--tls-key-file', keyFile],
    ...['--tls-ca-cert-file', authorityFile, '--tls-auth-clients', 'no', '--tls-replication', 'yes'],
  ];
}
