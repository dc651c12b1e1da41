import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Certificate {
  certFile: string;
  keyFile: string;
  remove(): Promise<void>;
}

/** A certificate for 127.0.0.1 that vouches for itself, made by openssl: whoever is to trust it must be told. */
export async function makeCertificate(): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), 'mau-guard-certificate-'));
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=redis'],
    ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', keyFile, '-out', certFile],
  ]);
  return { certFile, keyFile, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** What a redis-server needs to speak TLS on a port of its own, also to other servers. */
export function tlsArgs(port: number, { certFile, keyFile }: Certificate): string[] {
  return [
    ...['--tls-port', String(port), '--tls-cert-file', certFile, '--tls-key-file', keyFile],
    ...['--tls-ca-cert-file', certFile, '--tls-auth-clients', 'no', '--tls-replication', 'yes'],
  ];
}
