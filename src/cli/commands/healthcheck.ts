import { isIPv6 } from 'node:net';
import { formatFaults } from '../../config/format-config.ts';
import { loadListen } from '../../config/load-listen.ts';
import { type AddCommand, type CliIo, wantsColor } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { typedFlags } from '../typed-flags.ts';

const EXAMPLES = `Examples:
  mau-guard healthcheck
  mau-guard healthcheck --url http://127.0.0.1:8080
`;

/** A probe that takes longer has failed: what asks is itself on a timer. */
const DEADLINE_MS = 3000;

interface Options {
  url?: string;
  port?: string;
  host?: string;
  json?: true;
}

/** `healthcheck`: exits 0 when `GET /livez` answers 2xx within 3 s, 1 when not, 2 when it cannot tell where to ask. */
export const addHealthcheckCommand: AddCommand = (program, io, finish) => {
  program
    .command('healthcheck')
    .description('ask the gateway on this machine whether it is alive; for containers')
    .addHelpText('before', EXAMPLES)
    .option('--url <url>', 'base URL; default from HOST and PORT')
    .option('--port <port>', 'port, before PORT')
    .option('--host <host>', 'host, before HOST')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const base = options.url ?? baseUrl(io, options);
      if (base === null) return finish(EXIT.usage);
      const url = `${base.replace(/\/+$/, '')}/livez`;
      const { alive, detail } = await probe(io, url);
      if (options.json) io.stdout.write(`${JSON.stringify({ alive, url, detail }, null, 2)}\n`);
      else if (!alive) io.stderr.write(`${url}: ${detail}\n`);
      finish(alive ? EXIT.ok : EXIT.failure);
    });
};

function baseUrl(io: CliIo, options: Options): string | null {
  const listen = loadListen(io.config, typedFlags(options));
  if (!listen.ok) {
    io.stderr.write(formatFaults(listen.faults, { color: wantsColor(io, io.stderr) }));
    return null;
  }
  if (listen.port === 0) {
    io.stderr.write('PORT=0 picks a free port: say which one with --url or --port\n');
    return null;
  }
  // The addresses that mean "every interface" are not addresses to connect to.
  const host = listen.host === '0.0.0.0' ? '127.0.0.1' : listen.host === '::' ? '::1' : listen.host;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${listen.port}`;
}

async function probe(io: CliIo, url: string): Promise<{ alive: boolean; detail: string }> {
  try {
    const response = await io.fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS), redirect: 'error' });
    await response.body?.cancel();
    return { alive: response.ok, detail: `status ${response.status}` };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { alive: false, detail: cause instanceof Error ? cause.message : String(cause) };
  }
}
