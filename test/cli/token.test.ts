import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MINIMAL } from '../config/support.ts';
import { type OperatorGateway, startOperatorGateway } from './operator-gateway.ts';
import { runCli } from './support.ts';

let operator: OperatorGateway;
beforeAll(async () => {
  operator = await startOperatorGateway();
});
afterAll(() => operator.stop());

const mint = (args: string[], given: Parameters<typeof runCli>[1] = {}) =>
  operator.run(['token', 'mint', ...args], given);

describe('token mint', () => {
  it('prints the token alone, or the API’s object; the person is counted once', async () => {
    const first = await mint(['--login', 'ada']);
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(first.stderr).toMatch(/^m_\w+: minted, first this month, until 2026-11-20T22:00:00Z\n$/);
    const second = await mint(['--login', 'ada', '--json']);
    expect(JSON.parse(second.stdout)).toMatchObject({ outcome: 'reused', token: first.stdout.trim() });
    expect((await operator.runJson(['usage'])).json.identities.total).toBe(1);
  });

  it('reads the login from a file, so that it is in no list of processes', async () => {
    const files = { 'login.jwt': 'grace\n' };
    const { code, stderr } = await mint(['--login-file', 'login.jwt'], {
      cwd: '/app',
      readFile: () => files['login.jwt'],
    });
    expect(code).toBe(0);
    expect(stderr).toContain('minted');
  });

  it('asks for whomever a backend names, in any script', async () => {
    const subjects: string[] = [];
    const server = createServer(({ headers }, response) => {
      subjects.push(Buffer.from(String(headers['x-subject']), 'latin1').toString());
      response.writeHead(401).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const options = { cwd: '/app', readFile: () => 'backend-key\n' };
    await runCli(
      ['token', 'mint', '--url', url, '--api-key-file', 'backend.key', '--subject', 'Zoë 李'],
      options,
    );
    server.close();
    expect(subjects).toEqual(['Zoë 李']);
  });

  it('shows why there is none', async () => {
    const { code, stdout, stderr } = await mint(['--login', 'ada', '--intent', 'page_load']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('lazy-connect-required');
    const wrong = await mint(['--login', 'ada', '--intent', 'page_load', '--json']);
    expect(JSON.parse(wrong.stdout)).toMatchObject({ code: 'lazy-connect-required' });
  });

  it('exits 2 when the gateway calls the request invalid', async () => {
    const { code, stdout, stderr } = await mint(['--login', 'ada', '--intent', 'nonsense']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/code +invalid-request/);
  });

  it('says to an app that has no good login what an app can do', async () => {
    const { code, stderr } = await mint(['--api-key-file', 'backend.key', '--subject', 'ada'], {
      ...{ cwd: '/app', readFile: () => 'another-key' },
    });
    expect(code).toBe(1);
    expect(stderr).toContain('next step  Renew the login');
    expect(stderr).not.toContain('MAU_OPS_KEY');
  });

  it('ended by Ctrl-C exits 130', async () => {
    const controller = new AbortController();
    const fetch = async (_url: unknown, init?: RequestInit) => {
      controller.abort(new Error('interrupted'));
      init?.signal?.throwIfAborted();
      throw new Error('not interrupted');
    };
    const { code, stdout, stderr } = await mint(['--login', 'ada'], {
      ...{ fetch: fetch as typeof globalThis.fetch, interruption: controller.signal },
    });
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toBe('interrupted; the person may have been counted\n');
  });

  it('takes exactly one credential', async () => {
    for (const args of [
      [],
      ['--login', 'a', '--login-file', 'b'],
      ['--api-key-file', 'b'],
      ['--login', 'a', '--subject', 'b'],
    ]) {
      const { code, stdout } = await mint(args, { readFile: () => 'x' });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    }
  });
});

describe('token inspect', () => {
  const key = {
    TWILIO_API_KEY_SID: MINIMAL['TWILIO_API_KEY_SID'],
    TWILIO_API_KEY_SECRET: MINIMAL['TWILIO_API_KEY_SECRET'],
  };
  const inspect = (stdin: string, env: Record<string, string | undefined> = {}) =>
    runCli(['token', 'inspect', '-', '--json'], { stdin, env: env as Record<string, string> });

  it('says what is in a token, and whether this key has signed it', async () => {
    const { stdout: token } = await mint(['--login', 'ada']);
    const { code, stdout } = await inspect(token, key);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      serviceSid: MINIMAL['TWILIO_CONVERSATIONS_SERVICE_SID'],
      identity: expect.stringMatching(/^m_/),
      ...{ expiresAt: '2026-11-20T22:00:00.000Z', ttlSeconds: 3600, signature: 'valid', notes: [] },
    });
    expect(JSON.parse((await inspect(token)).stdout).signature).toBe('not-checked');
    const inWords = await runCli(['token', 'inspect', '-'], { stdin: token, env: {} });
    expect(inWords.stdout).toMatch(/^note: the signature is checked where TWILIO_API_KEY_SID/m);
    const other = await inspect(token, { ...key, TWILIO_API_KEY_SECRET: 'another' });
    expect({ code: other.code, ...JSON.parse(other.stdout) }).toMatchObject({
      code: 1,
      signature: 'invalid',
    });
    const words = await runCli(['token', 'inspect', '-'], { stdin: token });
    expect(words.stdout).toMatch(/^life, s +3,600$/m);
  });

  it('points out what Twilio would stumble over', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'HS512', typ: 'JWT' })}.${part({ iat: 0, exp: 90_000 })}`;
    const token = `${signed}.${createHmac('sha512', 'x').update(signed).digest('base64url')}`;
    const { notes } = JSON.parse((await inspect(token)).stdout);
    expect(notes).toHaveLength(4);
  });

  it.each(['', 'abc', 'a.b.c', 'e30.e30.', 'e30.e30.e30.e30', 'bnVsbA.e30.eA'])(
    'of %j is wrong use',
    async (text) => {
      const { code, stdout, stderr } = await inspect(text);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('no JWT');
    },
  );
});
