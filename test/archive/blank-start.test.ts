import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { configuredEnv, OPS_KEY, SHARED, SHARED_ISSUER_FILE } from '../e2e/configured.ts';
import { untilYes } from '../support/ask-redis.ts';
import { buildOnce, type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { AUGUST, createFilledKit, makeFolder, SEPTEMBER } from './archive-kit.ts';

let gateway: GatewayProcess | null = null;
beforeAll(buildOnce, 120_000);
afterEach(() => gateway?.stop());

const cwd = makeFolder();
const start = async (root: string) => {
  gateway = await startGateway({
    ...{ cwd, configFile: `${SHARED_ISSUER_FILE}\nretention:\n  archive: ${root}\n` },
    env: configuredEnv({ [SHARED.variable]: SHARED.secret, LEDGER: 'embedded', LOG_FORMAT: 'json' }),
  });
  return gateway;
};

const linesOf = ({ stdout, stderr }: GatewayProcess) =>
  `${stdout()}${stderr()}`
    .split('\n')
    .filter((line) => line.includes('"archive.unknown"'))
    .map((line) => JSON.parse(line));

async function ask(path: string, body?: object) {
  const response = await fetch(`${gateway?.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${OPS_KEY}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: a few members of two answers
  return (await response.json()) as any;
}

test('a gateway on an empty ledger beside a full folder says so once, until a month was put back', async () => {
  const kit = await createFilledKit({ closed: [AUGUST, SEPTEMBER], archived: [AUGUST, SEPTEMBER] });
  const first = await start(kit.root);
  await untilYes('it is said', async () => linesOf(first).length > 0);
  // Time to say it again.
  await sleep(2_500);
  expect(linesOf(first)).toMatchObject([
    {
      ...{ level: 'warn', event: 'archive.unknown', service: 'default', months: 2 },
      ...{ oldest: '2026-08', newest: '2026-09', msg: expect.stringMatching(/mau-guard restore/) },
    },
  ]);
  expect((await ask('/v1/archive')).months).toMatchObject([
    { month: '2026-09', counted: false, people: 'absent', entry: { identityRows: 5 } },
    { month: '2026-08', counted: false, people: 'absent', entry: { identityRows: 5 } },
  ]);

  await ask('/v1/months/2026-08/restore', { reason: 'the disk was lost' });
  let month = await ask('/v1/months/2026-08/archive');
  while (month.running !== null) month = await ask('/v1/months/2026-08/archive');
  expect(month).toMatchObject({ trouble: null, counted: true, people: 'kept' });
  await first.stop();
  const second = await start(kit.root);
  await sleep(3_000);
  expect(linesOf(second)).toEqual([]);
}, 60_000);
