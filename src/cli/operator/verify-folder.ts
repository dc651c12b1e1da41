import { resolve } from 'node:path';
import { openArchiveFolder } from '../../archive/archive-folder.ts';
import { verifyArchive } from '../../archive/verify-archive.ts';
import type { ChainHead } from '../../archive/verify-chain.ts';
import { parseServiceName } from '../../domain/service-name.ts';
import type { CliIo } from '../cli-io.ts';
import { formatVerification } from './format-archive.ts';
import { readPublicKeys, tellVerification } from './tell-verification.ts';
import { UsageError } from './usage-error.ts';

export interface VerifyFolderOptions {
  dir: string;
  service?: string;
  key?: string;
  head?: string;
  json?: true;
}

/** Asks no gateway: a copy of the archive, the public key, and an end of the chain that was noted elsewhere. */
export function verifyFolder(io: CliIo, options: VerifyFolderOptions): Promise<number> {
  return tellVerification(io, {
    json: options.json === true,
    verify: async () => {
      const service = parseServiceName(options.service ?? 'default');
      if (service === null) throw new UsageError(`--service ${options.service}: is no name of a service`);
      const keys = options.key === undefined ? [] : readPublicKeys(io, options.key);
      const folder = openArchiveFolder(resolve(io.config.cwd, options.dir), service);
      const verification = await verifyArchive(folder, service, {
        ...{ keys, head: parseHead(options.head), mustBeSigned: options.key !== undefined },
      });
      if (verification.entries === 0) throw new UsageError(`${folder.path} holds no archive`);
      return verification;
    },
    format: formatVerification,
  });
}

function parseHead(text: string | undefined): ChainHead | null {
  if (text === undefined) return null;
  const [, number, hash] = /^(\d+)[ :]([0-9a-f]{64})$/.exec(text) ?? [];
  if (hash === undefined) throw new UsageError('--head must be a number and a hash, such as 12:9f86d0…');
  return { number: Number(number), hash };
}
