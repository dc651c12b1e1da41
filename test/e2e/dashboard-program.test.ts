import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';

const FILES = [
  ...readdirSync(new URL('../../src/ops/scripts/', import.meta.url)),
  ...['uplot.js', 'ops.css'],
];

let gateway: GatewayProcess;
beforeEach(async () => {
  gateway = await startGateway();
}, 60_000);
afterEach(() => gateway.stop());

/** Signs in by the link that demo mode prints. */
async function signIn(): Promise<{ Cookie: string; 'Sec-Fetch-Site': string }> {
  const [link = ''] = /http:\S+\/ops\?login=\S+/.exec(gateway.stdout()) ?? [];
  const answer = await fetch(link, { redirect: 'manual' });
  expect(answer.status).toBe(303);
  const cookie = answer.headers.getSetCookie()[0] ?? '';
  return { Cookie: cookie.split(';')[0] ?? '', 'Sec-Fetch-Site': 'same-origin' };
}

it('the built program serves the dashboard with its scripts, and a command that works', async () => {
  const headers = await signIn();
  const page = await (await fetch(`${gateway.url}/ops`, { headers })).text();
  expect(page).toContain('<strong>Demo.</strong>');
  const [script = ''] = /\/ops\/assets\/\w+\/main\.js/.exec(page) ?? [];
  for (const name of FILES) {
    const answer = await fetch(`${gateway.url}${script.replace('main.js', name)}`);
    expect([name, answer.status]).toEqual([name, 200]);
  }
  const system = await fetch(`${gateway.url}/ops/system`, { headers });
  expect(system.status).toBe(200);
  expect(await system.text()).toContain('embedded SQLite, for this process alone');
  const [, login = ''] = /Authorization: Bearer ([\w-]+)/.exec(page) ?? [];
  if (login !== '') expect(gateway.stdout()).toContain(login);
});

it('the program stops at once with a page open, and its streams end in order', async () => {
  const headers = await signIn();
  const stream = await fetch(`${gateway.url}/v1/events`, { headers });
  const reader = stream.body!.getReader();
  await reader.read();
  const stoppedAtMs = performance.now();
  const ended = gateway.stop();
  for (;;) if ((await reader.read()).done) break;
  expect((await ended).code).toBe(0);
  expect(performance.now() - stoppedAtMs).toBeLessThan(5_000);
});

it('the sessions of a program with an embedded ledger end with it', async () => {
  const headers = await signIn();
  const { cwd } = gateway;
  expect((await fetch(`${gateway.url}/v1/months`, { headers })).status).toBe(200);
  const again = await startGateway({ cwd, env: { LEDGER_PATH: 'another.db' } });
  expect((await fetch(`${again.url}/v1/months`, { headers })).status).toBe(401);
  await again.stop();
});
