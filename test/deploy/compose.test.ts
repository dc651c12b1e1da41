import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { parse } from 'yaml';
import { VARIABLE_NAMES, variable } from '../../src/config/variables.ts';
import { loaded, MINIMAL } from '../config/support.ts';
import { startRedisServer } from '../support/redis-server.ts';

const ROOT = join(import.meta.dirname, '../..');

interface Service {
  command?: string[];
  depends_on?: Record<string, { condition: string }>;
  environment?: Record<string, string>;
  env_file?: unknown;
  restart?: string;
  network_mode?: string;
  networks?: string[];
  ports?: string[];
  profiles?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  secrets?: string[];
  stop_grace_period?: string;
  volumes?: string[];
}

const file = parse(readFileSync(join(ROOT, 'compose.yaml'), 'utf8')) as {
  services: Record<'gateway' | 'redis' | 'demo', Service>;
  networks: Record<string, { internal?: boolean }>;
  volumes: Record<string, unknown>;
  secrets: Record<string, { file: string }>;
};
const { gateway, redis, demo } = file.services;

it.each(Object.entries(file.services))(
  '%s may write to its volumes and /tmp, and may do nothing else',
  (_, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    for (const volume of service.volumes ?? []) {
      const [source = '', , mode] = volume.split(':');
      if (source.startsWith('.')) expect(mode).toBe('ro');
      else expect(Object.keys(file.volumes)).toContain(source);
    }
  },
);

describe('the gateway', () => {
  it('waits for Redis, and reaches it over a network that nobody else has', () => {
    expect(gateway.depends_on).toEqual({ redis: { condition: 'service_healthy' } });
    expect(redis.networks).toEqual(['store']);
    expect(file.networks['store']).toEqual({ internal: true });
    expect(redis.ports).toBeUndefined();
  });

  it('is published on this machine only', () => {
    for (const port of gateway.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('is given variables that it knows, and secrets as files', () => {
    for (const [name, value] of Object.entries(gateway.environment ?? {})) {
      const bare = name.replace(/_FILE$/, '') as (typeof VARIABLE_NAMES)[number];
      expect(VARIABLE_NAMES).toContain(bare);
      if (bare !== 'REDIS_URL') expect(variable(bare).secret === true).toBe(name.endsWith('_FILE'));
      if (name.endsWith('_FILE')) expect(value).toBe(`/run/secrets/${bare.toLowerCase()}`);
    }
    const files = Object.keys(gateway.environment ?? {}).filter((name) => name.endsWith('_FILE'));
    expect(files.map((name) => name.replace('_FILE', '').toLowerCase())).toEqual(gateway.secrets);
    expect(Object.keys(file.secrets)).toEqual(gateway.secrets);
  });

  it('is given all of .env, which goes behind what this file decides', () => {
    expect(gateway.env_file).toEqual([{ path: '.env', required: false }]);
    for (const value of Object.values(gateway.environment ?? {})) expect(value).not.toContain('$');
    const decided = Object.keys(gateway.environment ?? {}).filter((name) => !name.endsWith('_FILE'));
    expect(decided).toEqual(['HOST', 'PORT', 'METRICS_PORT', 'REDIS_URL', 'JOURNAL_PATH']);
    for (const name of ['PORT', 'METRICS_PORT']) {
      const port = gateway.environment?.[name];
      expect(gateway.ports).toContain(`127.0.0.1:${port}:${port}`);
    }
  });

  it('starts with the .env that docs/deploy.md asks for, and takes what else stands there', () => {
    const example = readFileSync(join(ROOT, '.env.example'), 'utf8');
    const names = [...example.matchAll(/^# ([A-Z_]+)=/gm)].map(([, name = '']) => name);
    const optional = {
      ...{ TOKEN_TTL_SECONDS: '600', LOG_LEVEL: 'warn', TWILIO_REGION: 'ie1', TWILIO_EDGE: 'dublin' },
      ...{ TWILIO_AUTH_TOKEN: 'auth-token-of-the-tests', CORS_ORIGINS: 'https://app.example.com' },
    };
    for (const name of Object.keys(optional)) expect(names).toContain(name);
    const { IDENTITY_SECRET = '', TWILIO_API_KEY_SECRET = '', ...filledIn } = MINIMAL;
    const { settings } = loaded({
      env: { ...filledIn, ...optional, NODE_ENV: 'production', ...gateway.environment },
      files: {
        '/run/secrets/identity_secret': IDENTITY_SECRET,
        '/run/secrets/twilio_api_key_secret': TWILIO_API_KEY_SECRET,
        '/run/secrets/ops_api_keys': `anna:admin:${'0'.repeat(64)}`,
      },
    });
    expect(settings).toMatchObject({
      ...{ token: { ttlSeconds: 600 }, log: { level: 'warn' }, listen: { host: '0.0.0.0', port: 3000 } },
      ...{ corsOrigins: ['https://app.example.com'], journal: { path: '/data/journal' } },
    });
  });

  it('is started again after every end, as Redis is', () => {
    expect([gateway.restart, redis.restart]).toEqual(['unless-stopped', 'unless-stopped']);
  });

  it('keeps its journal on a volume', () => {
    expect(gateway.environment?.['JOURNAL_PATH']).toBe('/data/journal');
    expect(gateway.volumes).toContain('gateway-data:/data');
  });
});

it('the demo needs nothing and binds to loopback', () => {
  expect(demo.profiles).toEqual(['demo']);
  expect(demo).not.toHaveProperty('depends_on');
  expect(demo.network_mode).toBe('host');
  expect(demo.environment?.['NODE_ENV']).not.toBe('production');
  expect(demo.environment).not.toHaveProperty('HOST');
});

it('Redis takes its command line, and forgets nobody', async () => {
  const [, ...args] = redis.command ?? [];
  const server = await startRedisServer({ args });
  const client = new Redis(server.url);
  try {
    const wanted = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' };
    for (const [name, value] of Object.entries(wanted)) {
      expect(await client.config('GET', name)).toEqual([name, value]);
    }
  } finally {
    client.disconnect();
    await server.stop();
  }
});
