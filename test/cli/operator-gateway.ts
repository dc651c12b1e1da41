import { createHash, randomBytes } from 'node:crypto';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { prepareLedger } from '../../src/prepare-ledger.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { type Gateway, wire } from '../../src/wire.ts';
import { loaded, MINIMAL } from '../config/support.ts';
import { type SettableClock, settableClock } from '../support/clock.ts';
import { plantSecrets } from '../support/planted-secrets.ts';
import { type Ran, runCli } from './support.ts';

export const ADMIN_KEY = 'mgk_the-admin';
export const VIEWER_KEY = 'mgk_the-viewer';
export const ISSUER = MINIMAL['AUTH_ISSUER'] ?? '';

export interface OperatorGateway {
  url: string;
  gateway: Gateway;
  clock: SettableClock;
  /** Runs a command against it, as admin unless told. */
  run(args: string[], given?: Parameters<typeof runCli>[1]): Promise<Ran>;
  /** The same, with its JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at a few members of many kinds of answers
  runJson(args: string[], given?: Parameters<typeof runCli>[1]): Promise<Ran & { json: any }>;
  /** Asks for a token once; answers the identity, or the code of the refusal. */
  mint(subject: string): Promise<string>;
  audit(): Promise<{ action: string; reason: string; by: string }[]>;
  stop(): Promise<void>;
}

/**
 * A whole gateway on a free port, with an embedded ledger in memory and a budget of ten.
 *
 * @param more variables of its environment
 * @param yaml its config file
 */
export async function startOperatorGateway(
  more: Record<string, string> = {},
  clock = settableClock(Date.parse('2026-11-20T21:00:00.123Z')),
  yaml?: string,
): Promise<OperatorGateway> {
  plantSecrets({ ADMIN_KEY, VIEWER_KEY });
  const { settings } = loaded({
    env: {
      ...{ ...MINIMAL, LEDGER_PATH: ':memory:', MAU_BUDGET_IDENTITIES: '10', MAU_BUDGET_MODE: 'block' },
      OPS_API_KEYS: `anna:admin:${sha256(ADMIN_KEY)},vera:viewer:${sha256(VIEWER_KEY)}`,
      ...more,
    },
    ...(yaml !== undefined && { yaml }),
  });
  const log = await createLogger({
    ...{ level: 'error', format: 'json', clock },
    destination: { write: (line: string) => void process.stderr.write(line) },
  });
  const gateway = wire({
    ...{ settings, clock, log, version: '1.2.3' },
    // The person is whom the token names.
    bearerSources: [
      (token) => ({
        ...{
          issuer: ISSUER,
          subject: token,
          className: 'member',
          tenant: null,
          display: null,
          via: 'bearer',
        },
      }),
    ],
  });
  await prepareLedger(gateway, settings, { clock, acceptNewIdentities: false });
  await gateway.server.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${(gateway.server.http.address() as { port: number }).port}`;

  function run(args: string[], given: Parameters<typeof runCli>[1] = {}): Promise<Ran> {
    const env = { MAU_OPS_KEY: ADMIN_KEY, ...given.env };
    return runCli([...args, '--url', url], { randomBytes, ...given, env });
  }
  return {
    ...{ url, gateway, clock, run },
    async runJson(args, given) {
      const ran = await run([...args, '--json'], given);
      return { ...ran, json: ran.stdout === '' ? undefined : JSON.parse(ran.stdout) };
    },
    async mint(subject) {
      const response = await fetch(`${url}/v1/tokens`, {
        method: 'POST',
        headers: { authorization: `Bearer ${subject}`, 'content-type': 'application/json' },
        body: JSON.stringify({ intent: 'open_chat' }),
      });
      const body = (await response.json()) as { identity?: string; code?: string };
      return body.identity ?? body.code ?? '';
    },
    async audit() {
      const { items } = await gateway.ledger.audit(DEFAULT_SERVICE, { after: null, limit: 100 });
      return items.map(({ action, reason, by }) => ({ action, reason, by }));
    },
    stop: () => gateway.server.drain(),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
