import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type GatewayProcess, runGateway, startGateway } from '../support/gateway-process.ts';
import { expectProblem } from './answers.ts';

const hasCurl = spawnSync('curl', ['--version']).status === 0;

/** The parts of the line that is there to be pasted. */
function readCurlLine(printed: string) {
  const line = printed.split('\n').find((each) => each.trim().startsWith('curl ')) ?? '';
  const [, method = ''] = /-X (\w+)/.exec(line) ?? [];
  const [, url = ''] = /(http:\/\/\S+)/.exec(line) ?? [];
  const headers = [...line.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name, value]) => [name, value]);
  const [, body = ''] = /-d '([^']+)'/.exec(line) ?? [];
  return {
    line: line.trim(),
    method,
    url,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body,
  };
}

function opsLinkOf(printed: string): string {
  return /http:\S+\/ops\?login=\S+/.exec(printed)?.[0] ?? '';
}

describe('with an empty environment', () => {
  let gateway: GatewayProcess;
  let printed: string;

  beforeAll(async () => {
    gateway = await startGateway();
    printed = gateway.stdout();
  });
  afterAll(() => gateway.stop());

  test('it says in at most ten lines what to paste and what to click', () => {
    const lines = printed.split('\n').filter((line) => !line.startsWith('{'));
    expect(lines.filter((line, at) => line !== '' || at < lines.length - 1).length).toBeLessThanOrEqual(10);
    expect(gateway.stderr()).toBe('');
    expect(printed).toContain('demo mode');
  });

  test('the line that it prints mints a token that says it is a demo', async () => {
    const { method, url, headers, body } = readCurlLine(printed);
    const response = await fetch(url, { method, headers, body });

    expect(response.status).toBe(200);
    expect(response.headers.get('x-demo')).toBe('1');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const answer = (await response.json()) as Record<string, unknown>;
    expect(answer).toMatchObject({
      demo: true,
      identity: expect.stringMatching(/^m_/),
      outcome: 'minted',
      serviceSid: `IS${'0'.repeat(32)}`,
    });
    expect(Object.keys(answer).sort()).toEqual(
      [
        ...['demo', 'expiresAt', 'firstThisMonth', 'identity', 'month', 'outcome', 'refreshAt'],
        ...['region', 'serverTime', 'serviceSid', 'token'],
      ].sort(),
    );
  });

  (hasCurl ? test : test.skip)('so does a shell that runs it as it stands', () => {
    const { status, stdout } = spawnSync('sh', ['-c', readCurlLine(printed).line], { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ demo: true, outcome: 'reused' });
  });

  test('without the login of the line there is no token', async () => {
    const { url, headers, body } = readCurlLine(printed);
    for (const authorization of [undefined, `${headers['Authorization']}x`, 'Bearer demo-ada']) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
        body,
      });
      await expectProblem(response, 'unauthenticated');
      expect(response.headers.get('x-demo')).toBe('1');
    }
  });

  test('its link opens the month once', async () => {
    const link = opsLinkOf(printed);
    const first = await fetch(link, { redirect: 'manual' });
    expect(first.status).toBe(303);
    const cookie = first.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^mg_ops=\S+;.*HttpOnly/);
    expect(cookie).toContain('SameSite=Strict');

    const page = await fetch(new URL(first.headers.get('location') ?? '', link), {
      headers: { cookie: cookie.split(';')[0] as string },
    });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    const html = await page.text();
    expect(html).toContain(new Date().toISOString().slice(0, 4));
    expect(html).not.toContain(link);

    const second = await fetch(link, { redirect: 'manual' });
    expect(second.status).toBe(401);
    expect(second.headers.get('set-cookie')).toBeNull();
  });
});

describe('demo mode', () => {
  test('knows its people again at the next start, and their logins no more', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'mau-guard-demo-twice-'));
    try {
      const identities: string[] = [];
      const logins: string[] = [];
      for (let start = 0; start < 2; start++) {
        const gateway = await startGateway({ cwd });
        const { url, headers, body } = readCurlLine(gateway.stdout());
        const answer = (await (await fetch(url, { method: 'POST', headers, body })).json()) as {
          identity: string;
          firstThisMonth: boolean;
        };
        expect(answer.firstThisMonth).toBe(start === 0);
        identities.push(answer.identity);
        logins.push(headers['Authorization'] as string);
        await gateway.stop();
      }
      expect(identities[1]).toBe(identities[0]);
      expect(logins[1]).not.toBe(logins[0]);
      expect(
        readFileSync(join(cwd, 'data/demo-identity-secret'), 'utf8').trim().length,
      ).toBeGreaterThanOrEqual(32);
    } finally {
      rmSync(cwd, { recursive: true, force: true });
    }
  });

  const REQUIRED = [
    ...['TWILIO_ACCOUNT_SID', 'TWILIO_API_KEY_SID', 'TWILIO_API_KEY_SECRET'],
    ...['TWILIO_CONVERSATIONS_SERVICE_SID', 'IDENTITY_SECRET', 'AUTH_ISSUER', 'AUTH_AUDIENCE'],
  ];

  test.each<[string, Record<string, string>]>([
    ['one signing variable is there', { TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}` }],
    ['an alias of one is there', { TWILIO_API_KEY: `SK${'1'.repeat(32)}` }],
    ['an issuer is there', { AUTH_ISSUER: 'https://login.example.com/' }],
    ['it could be reached from outside', { HOST: '0.0.0.0' }],
    ['it is said to be production', { NODE_ENV: 'production', LEDGER: 'embedded' }],
  ])('is refused when %s, and everything that is missing is named', async (_name, env) => {
    const { code, stdout, stderr } = await runGateway({ env });

    expect(code).toBe(2);
    expect(stdout).toBe('');
    const given = Object.keys(env).map((name) => (name === 'TWILIO_API_KEY' ? 'TWILIO_API_KEY_SID' : name));
    const named = stderr
      .trimEnd()
      .split('\n')
      .map((line) => line.split(':')[0]);
    expect(named.sort()).toEqual(REQUIRED.filter((name) => !given.includes(name)).sort());
  });

  test.each(['localhost', ...(hasIPv6() ? ['::1'] : [])])('is fine on %s', async (host) => {
    const gateway = await startGateway({ env: { HOST: host } });
    const { url, headers, body } = readCurlLine(gateway.stdout());
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(200);
    await gateway.stop();
  });
});

function hasIPv6(): boolean {
  return Object.values(networkInterfaces())
    .flat()
    .some((each) => each?.address === '::1');
}
