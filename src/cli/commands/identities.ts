import type { Command } from 'commander';
import { erasureReportSchema } from '../../contract/erasure.ts';
import { blockAnswerSchema, identityPageSchema, importReportSchema } from '../../contract/steering.ts';
import { amountOf } from '../../domain/amount-of.ts';
import type { AddCommand } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { formatIdentity } from '../operator/format-identity.ts';
import {
  addOperatorOptions,
  addWriteOptions,
  type OperatorOptions,
  requireReason,
  type WriteOptions,
} from '../operator/operator-options.ts';
import { type Session, withGateway } from '../operator/session.ts';
import { UsageError } from '../operator/usage-error.ts';
import { addImportCommand } from './identities-import.ts';
import { addNameCommand } from './identities-name.ts';

const EXAMPLES = `Examples:
  mau-guard identities show m_byAcQ9ucV33IxbbgyypOdZ
  mau-guard identities name --users users.csv --month 2026-11 --reason "invoice of November" --out named.csv
  mau-guard identities import users.csv --dry-run
  mau-guard identities import users.csv --reason "moving from our own token server"
  mau-guard identities link --issuer https://login.example.com/ --subject ada --identity ada-in-twilio --reason "..."
  mau-guard identities block m_byAcQ9ucV33IxbbgyypOdZ --reason "spam"
  mau-guard identities block m_byAcQ9ucV33IxbbgyypOdZ --lift --reason "was a mistake"
  mau-guard identities erase --issuer https://login.example.com/ --subject ada --reason "asked for it"
`;

interface BlockOptions extends WriteOptions {
  lift?: true;
}

interface PersonOptions extends WriteOptions {
  issuer?: string;
  subject?: string;
}

interface LinkOptions extends PersonOptions {
  identity?: string;
  class?: string;
}

/** `identities import | name | link | show | block | erase`: single people, lists of them, and taking over those of another server. */
export const addIdentitiesCommand: AddCommand = (program, io, finish) => {
  const group = program
    .command('identities')
    .description('look at, name, take over, block and erase identities')
    .addHelpText('beforeAll', EXAMPLES);

  addOperatorOptions(group.command('show <identity>'))
    .description('months, signals, links and block of an identity')
    .action(async (identity: string, options: OperatorOptions) => {
      finish(
        await withGateway(io, options, async (session) => {
          const { data, json } = await session.read({ path: pathOf(identity), schema: identityPageSchema });
          session.tell(json, formatIdentity(data));
          return EXIT.ok;
        }),
      );
    });

  addImportCommand(group, io, finish);
  addNameCommand(group, io, finish);

  addPersonOptions(addWriteOptions(group.command('link')))
    .description('serve one person as an identity that exists at Twilio already')
    .option('--identity <identity>', 'as Twilio knows the person; needed')
    .option('--class <class>', 'class of the person; the first configured one unless told')
    .action(async (options: LinkOptions) => {
      finish(await withGateway(io, options, (session) => link(session, options)));
    });

  addWriteOptions(group.command('block <identity>'))
    .description('stop issuing to an identity from the next request on')
    .option('--lift', 'issue to it again')
    .action(async (identity: string, options: BlockOptions) => {
      finish(await withGateway(io, options, (session) => block(session, identity, options)));
    });

  addPersonOptions(addWriteOptions(group.command('erase')))
    .description('put a pseudonym in the place of a person, for good; the counts of the months stay')
    .action(async (options: PersonOptions) => {
      finish(await withGateway(io, options, (session) => erase(session, options)));
    });
};

function addPersonOptions(command: Command): Command {
  return command
    .option('--issuer <issuer>', 'the authority whose login it is, as configured; needed')
    .option('--subject <subject>', 'the person, as that authority names them; needed');
}

function requirePerson({ issuer, subject }: PersonOptions): { issuer: string; subject: string } {
  if (issuer === undefined || subject === undefined) {
    throw new UsageError('say who it is with --issuer and --subject');
  }
  return { issuer, subject };
}

/** An import of one row: the gateway checks it as it checks a whole file. */
async function link(session: Session, options: LinkOptions): Promise<number> {
  const reason = requireReason(options);
  const person = requirePerson(options);
  const { identity, class: className } = options;
  if (identity === undefined) throw new UsageError('say as whom they are to be served with --identity');
  const row = { ...person, identity, ...(className === undefined ? {} : { class: className }) };
  const { data, json } = await session.write({
    method: 'POST',
    path: '/v1/identity-imports',
    query: { reason },
    schema: importReportSchema,
    body: { mediaType: 'application/x-ndjson; charset=utf-8', text: JSON.stringify(row) },
  });
  session.tell(json, [
    data.linked === 1 ? `served as ${identity} from now on` : `served as ${identity} already`,
  ]);
  return EXIT.ok;
}

async function block(session: Session, identity: string, options: BlockOptions): Promise<number> {
  const reason = requireReason(options);
  const { data, json } = await session.write({
    ...(options.lift ? { method: 'DELETE', query: { reason } } : { method: 'PUT', body: { reason } }),
    path: `${pathOf(identity)}/block`,
    schema: blockAnswerSchema,
  });
  session.tell(json, [`${data.identity}: ${data.blocked ? 'blocked; gets no new token' : 'not blocked'}`]);
  if (data.blocked && data.known === false) {
    session.say(
      'note: nobody of this name was counted in the months that are kept. The block holds for whoever comes with it;\n' +
        "if somebody else was meant, `mau-guard explain` says a person's identity, and --lift ends this block.",
    );
  }
  return EXIT.ok;
}

async function erase(session: Session, options: PersonOptions): Promise<number> {
  const reason = requireReason(options);
  const { data, json } = await session.write({
    method: 'POST',
    path: '/v1/erasures',
    schema: erasureReportSchema,
    body: { ...requirePerson(options), reason },
  });
  const { erased, months, archiveForgets } = data;
  session.tell(json, [
    erased === 0
      ? `nothing is known of this person${archiveForgets ? ' outside the archive' : ''}`
      : `${amountOf(erased, 'identity has', 'identities have')} a pseudonym now; counted in: ${months.join(', ') || 'no month'}`,
    ...(archiveForgets ? ['whatever the archive has of them it forgets within ten minutes'] : []),
  ]);
  if (erased > 0) return EXIT.ok;
  session.say(
    'next step  Compare --issuer and --subject with the login of the person: `mau-guard explain` takes the same two.\n' +
      'Somebody who was erased before is not known any more either.',
  );
  // Whether the archive has them is not looked up, and an order that was taken is no failure.
  return archiveForgets ? EXIT.ok : EXIT.failure;
}

function pathOf(identity: string): string {
  return `/v1/identities/${encodeURIComponent(identity)}`;
}
