import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { parse } from 'yaml';
import { VARIABLE_NAMES, variable } from '../../src/config/variables.ts';
import { startRedisServer } from '../support/redis-server.ts';

const ROOT = join(import.meta.dirname, '../..');

interface Service {
  command?: string[];
  depends_on?: Record<string, { condition: string }>;
  environment?: Record<string, string>;
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
