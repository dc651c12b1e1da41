import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { FAKE_FAULTS, type FakeFault } from '../../src/demo/twilio/rest/faults.ts';
import { ADMIN_KEY, openTwilioGateway, type TwilioGateway } from '../signals/backfill/twilio-gateway.ts';
import { runCli } from './support.ts';

const PATH = '/v1/months/2026-11/backfill';
const ORDER = ['backfill', '--month', '2026-11', '--reason', 'webhooks were off'];

let town: TwilioGateway;
beforeEach(async () => {
  town = await openTwilioGateway({ startAt: Date.parse('2026-11-20T21:00:00Z') });
  const talk = town.model.createConversation().sid;
  town.model.addParticipant(talk, { identity: 'm_ada' }, { source: 'API' });
});
afterEach(() => town.stop());

const run = (args: string[], tty = false) =>
  runCli([...args, '--url', town.url], { env: { MAU_OPS_KEY: ADMIN_KEY }, tty });

/** What Twilio does instead of answering, after so many requests. */
async function meetAfter(requests: number, fault: FakeFault): Promise<void> {
  while (town.twilio.requests.length < requests) await sleep(10);
  town.meet(fault);
}

it('waits for the end and tells what came of it', async () => {
  const { code, stdout, stderr } = await run(ORDER);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^2026-11: 0 users read/) });
  expect(stdout).toMatch(/default, 2026-11: done/);
  expect(stdout).toMatch(/identities added +1\n/);
  expect(stdout).toMatch(/people who only connected/);
  expect(stdout + stderr).not.toContain('m_ada');
});

it('shows a line that renews itself on a terminal', async () => {
  const { stderr } = await run(ORDER, true);
  expect(stderr).toContain('\r\u001b[K| 2026-11: ');
  expect(stderr).toContain('identities added');
  expect(stderr.endsWith('\r\u001b[K')).toBe(true);
});

it('shows a bar there once the conversations are counted, and takes it away', async () => {
  // Two calls each at 30 calls a second: more than a second, after which the gateway is asked how far it is.
  for (let number = 0; number < 29; number++) town.model.createConversation();
  const { code, stdout, stderr } = await run(ORDER, true);
  expect(code).toBe(0);
  expect(stderr).toMatch(/2026-11 \[#+-+\] \d+ of about 30, \d+ s/);
  expect(stderr.endsWith('\r\u001b[K')).toBe(true);
  expect(stdout).toMatch(/2026-11: done\n/);
  expect(stdout).toMatch(/conversations read +30\n/);
});

it('begins where an earlier one broke off', async () => {
  for (let number = 0; number < 59; number++) town.model.createConversation();
  await run([...ORDER, '--detach']);
  await meetAfter(60, FAKE_FAULTS.unauthorized);
  let stopped = await town.ask('GET', PATH);
  for (; stopped.body.state === 'running'; stopped = await town.ask('GET', PATH)) await sleep(10);
  const { read } = stopped.body;
  expect(read.conversations).toBeGreaterThan(20);
  town.meet(null);
  const { stderr } = await run([...ORDER, '--idempotency-key', 'another'], true);
  const shown = [...stderr.matchAll(/\] (\d+) of about 60/g)].map(([, done]) => Number(done));
  expect(shown[0]).toBe(read.conversations);
  expect(stderr).toMatch(/of about 60, \d+(\.\d+)?\/s, \d+ s left/);
});

it('says how far it came when it stopped in the middle', async () => {
  for (let number = 0; number < 59; number++) town.model.createConversation();
  const [{ code, stdout }] = await Promise.all([run(ORDER), meetAfter(20, FAKE_FAULTS.unauthorized)]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/2026-11: stopped, \d+ of about 60 conversations read\n/);
});

it("prints the API's object with --json", async () => {
  const { code, stdout, stderr } = await run([...ORDER, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toEqual((await town.ask('GET', '/v1/months/2026-11/backfill')).body);
});

it('does not wait when told so', async () => {
  const { code, stdout } = await run([...ORDER, '--detach', '--json']);
  expect([code, JSON.parse(stdout).state]).toEqual([0, 'running']);
});

it('exits 1 with the next step when it stopped', async () => {
  town.meet(FAKE_FAULTS.unauthorized);
  const { code, stdout } = await run(ORDER);
  expect(code).toBe(1);
  expect(stdout).toMatch(/2026-11: stopped/);
  expect(stdout).toMatch(/next: Check TWILIO_REST_API_KEY_SID/);
});

it('exits 2 without month or reason, and for a month that has not begun', async () => {
  expect((await run(['backfill', '--reason', 'x'])).code).toBe(2);
  expect((await run(['backfill', '--month', '2026-11'])).code).toBe(2);
  expect((await run(['backfill', '--month', '2027-01', '--reason', 'x'])).code).toBe(2);
});
