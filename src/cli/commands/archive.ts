import { archiveListSchema, archiveVerificationSchema } from '../../contract/archive.ts';
import type { AddCommand } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { formatArchiveList, formatVerification } from '../operator/format-archive.ts';
import {
  addOperatorOptions,
  addWriteOptions,
  type OperatorOptions,
  requireReason,
  type WriteOptions,
} from '../operator/operator-options.ts';
import { withGateway } from '../operator/session.ts';
import { verifyFolder } from '../operator/verify-folder.ts';
import { orderArchiveWork } from '../operator/wait-for-archive.ts';

const EXAMPLES = `Examples:
  mau-guard archive --month 2026-08 --reason "books of August"
  mau-guard archive --month 2026-08 --trim --reason "out of the ledger"
  mau-guard archive list
  mau-guard archive verify
  mau-guard archive verify --dir /mnt/backup/archive --key public-key.pem --head 12:9f86d08…
`;

interface MonthOptions extends WriteOptions {
  month: string;
  trim?: true;
  detach?: true;
}

interface VerifyOptions extends OperatorOptions {
  dir?: string;
  key?: string;
  head?: string;
}

/** The gateway reads every file. */
const VERIFY_PATIENCE_MS = 3_600_000;

/** `archive [month] | list | verify`: months that leave the ledger, and whether they are what they were. */
export const addArchiveCommand: AddCommand = (program, io, finish) => {
  const group = program
    .command('archive')
    .description('write closed months to the archive, list it, and verify its chain')
    .addHelpText('beforeAll', EXAMPLES);

  addWriteOptions(group.command('month', { isDefault: true }))
    .description('write a closed month to the archive; what is meant when no other word follows')
    .requiredOption('--month <month>', 'YYYY-MM')
    .option('--trim', 'also take its mint log and identities out of the ledger')
    .option('--detach', 'do not wait for the end')
    .action(async (options: MonthOptions) => {
      finish(
        await withGateway(io, options, (session) =>
          orderArchiveWork(session, {
            path: `/v1/months/${encodeURIComponent(options.month)}/archive`,
            body: { reason: requireReason(options), ...(options.trim ? { trim: true } : {}) },
            detach: options.detach === true,
          }),
        ),
      );
    });

  addOperatorOptions(group.command('list'))
    .description('how every month stands between ledger and archive')
    .action(async (options: OperatorOptions) => {
      finish(
        await withGateway(io, options, async (session) => {
          const { data, json } = await session.read({ path: '/v1/archive', schema: archiveListSchema });
          session.tell(json, formatArchiveList(data));
          return EXIT.ok;
        }),
      );
    });

  addOperatorOptions(group.command('verify'))
    .description('read the whole archive and walk its chain; exit 1 when a month is not what it was')
    .option('--dir <folder>', 'a copy on this machine, without asking a gateway')
    .option('--key <file>', 'with --dir: public key (PEM or JWK) that must have signed')
    .option('--head <number:hash>', 'with --dir: the end of the chain as an earlier run said it')
    .action(async ({ dir, ...options }: VerifyOptions) => {
      finish(
        dir === undefined
          ? await withGateway(io, options, async (session) => {
              const { data, json } = await session.read({
                ...{ path: '/v1/archive/verification', schema: archiveVerificationSchema },
                patienceMs: VERIFY_PATIENCE_MS,
              });
              session.tell(json, formatVerification(data));
              return data.ok ? EXIT.ok : EXIT.failure;
            })
          : await verifyFolder(io, { ...options, dir }),
      );
    });
};
