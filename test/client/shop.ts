import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { createFakeModel, type FakeModel } from '../../src/demo/twilio/model/create-fake-model.ts';
import { type FakeTwilsock, startFakeTwilsock } from '../../src/demo/twilio/socket/start-fake-twilsock.ts';
import { prepareLedger } from '../../src/prepare-ledger.ts';
import { systemClock } from '../../src/system-clock.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { type Gateway, wire } from '../../src/wire.ts';
import { ACCOUNT, KEY, loaded, MINIMAL, SERVICE } from '../config/support.ts';

export interface ShopOptions {
  /** The `Content-Security-Policy` of its pages. */
  csp?: string;
  /** Their `Content-Security-Policy-Report-Only`. */
  reportOnly?: string;
  yaml?: string;
  env?: Record<string, string>;
}

/** A shop with a chat bubble on its pages, a real gateway under the same origin, and a Twilio that is a fake. */
export interface Shop {
  url: string;
  gateway: Gateway;
  model: FakeModel;
  twilsock: FakeTwilsock;
  /** Paths that were asked for, such as `POST /v1/tokens`. */
  requests: string[];
  /** What the gateway logged of tokens, such as `token.minted`. */
  tokenEvents: string[];
  /** Answers these paths in the gateway's stead. */
  override: Map<string, (response: ServerResponse) => void>;
  /** Whom Twilio bills, as far as it saw them connect. */
  billed(): Set<string>;
  close(): Promise<void>;
}

const ENTRIES = {
  'app.js': 'shop-app.ts',
  'react.js': 'shop-react.ts',
  'sdk-v3.js': '@twilio/conversations',
  'sdk-v2.js': 'twilio-conversations-v2',
};

const scripts = new Map<string, Promise<string>>();

export async function openShop(options: ShopOptions = {}): Promise<Shop> {
  // The gateway must know its address, so the port is taken before there is anything to serve.
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { settings } = loaded({
    env: { ...MINIMAL, LEDGER_PATH: ':memory:', PUBLIC_URL: url, ...options.env },
    ...(options.yaml === undefined ? {} : { yaml: options.yaml }),
  });
  const tokenEvents: string[] = [];
  const destination = {
    write(line: string) {
      const { event } = JSON.parse(line) as { event?: string };
      if (event?.startsWith('token.')) tokenEvents.push(event);
    },
  };
  const log = await createLogger({ level: 'info', format: 'json', clock: systemClock, destination });
  const gateway = wire({
    ...{ settings, clock: systemClock, log, version: '0.0.0-test' },
    // Whoever says `login-of-<name>` is that person.
    bearerSources: [
      (token) => {
        const [, subject] = /^login-of-(\w+)$/.exec(token) ?? [];
        if (subject === undefined) return undefined;
        const whose = { issuer: 'shop', subject, className: 'member', tenant: null, display: subject };
        return Object.freeze({ ...whose, via: 'bearer' as const });
      },
    ],
  });
  const faults = await prepareLedger(gateway, settings, { clock: systemClock, acceptNewIdentities: false });
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  const model = createFakeModel({
    ...{ accountSid: ACCOUNT, services: [SERVICE], now: () => Date.now() },
  });
  const apiKeys = new Map([[KEY, MINIMAL['TWILIO_API_KEY_SECRET'] as string]]);
  const twilsock = await startFakeTwilsock({ model, apiKeys, clock: systemClock });

  const requests: string[] = [];
  const override: Shop['override'] = new Map();
  server.on('request', (request, response) => {
    const { pathname } = new URL(request.url ?? '/', url);
    if (pathname.startsWith('/v1/')) requests.push(`${request.method} ${pathname}`);
    const instead = override.get(pathname);
    if (instead) return instead(response);
    if (pathname.startsWith('/v1/') || pathname.startsWith('/problems/'))
      return gateway.app(request, response);
    void serve(pathname, response, options).catch((error) => {
      response.writeHead(500).end(String(error));
    });
  });
  return {
    ...{ url, gateway, model, twilsock, requests, tokenEvents, override },
    billed: () => new Set(model.activities.filter(({ deed }) => deed === 'connected').map(({ who }) => who)),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await twilsock.close();
      await gateway.ledger.close();
    },
  };
}

async function serve(
  pathname: string,
  response: ServerResponse,
  { csp, reportOnly }: ShopOptions,
): Promise<void> {
  const name = pathname.slice(1);
  if (Object.hasOwn(ENTRIES, name)) {
    const text = await script(name as keyof typeof ENTRIES);
    response.writeHead(200, { 'Content-Type': 'text/javascript', 'Cache-Control': 'max-age=600' }).end(text);
    return;
  }
  if (pathname === '/favicon.ico') return void response.writeHead(204).end();
  const page = name === 'react' ? 'react.js' : 'app.js';
  response
    .writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      ...(csp === undefined ? {} : { 'Content-Security-Policy': csp }),
      ...(reportOnly === undefined ? {} : { 'Content-Security-Policy-Report-Only': reportOnly }),
    })
    .end(
      `<!doctype html><title>Shop</title><div id="root"></div><script type="module" src="/${page}"></script>`,
    );
}

function script(name: keyof typeof ENTRIES): Promise<string> {
  const made = scripts.get(name) ?? bundle(ENTRIES[name]);
  scripts.set(name, made);
  return made;
}

async function bundle(entry: string): Promise<string> {
  const isOwn = entry.endsWith('.ts');
  const contents = `export { Client } from ${JSON.stringify(entry)};`;
  const { outputFiles } = await build({
    ...(isOwn
      ? { entryPoints: [join(import.meta.dirname, entry)] }
      : { stdin: { contents, resolveDir: import.meta.dirname } }),
    ...{ bundle: true, write: false, format: 'esm', platform: 'browser', target: 'es2022', minify: !isOwn },
    external: ['/sdk-*'],
    ...(isOwn && { alias: { '@twilio/conversations': '/sdk-v3.js' } }),
    define: { 'process.env.NODE_ENV': '"development"', global: 'globalThis' },
  });
  return outputFiles[0]?.text ?? '';
}
