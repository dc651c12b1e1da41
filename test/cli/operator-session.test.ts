import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { closeListeners, listenOn } from '../http/listen-on.ts';
import { runCli } from './support.ts';

afterEach(closeListeners);

const env = { MAU_OPS_KEY: 'mgk_secret' };
const show = ['budget', 'show'];

async function serving(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${(await listenOn(listener)).port}`;
}

describe('the key', () => {
  test('is needed, and the words say where it comes from', async () => {
    const { code, stdout, stderr } = await runCli(show);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^MAU_OPS_KEY: expected the key of an operator; found nothing \(.*keys new/);
  });

  test.each([
    ['a file', { env: { MAU_OPS_KEY_FILE: '/run/key' }, files: { '/run/key': 'mgk_secret\n' } }],
    ['.env', { files: { '.env': 'MAU_OPS_KEY=mgk_secret\n' } }],
  ])('may come from %s', async (_name, given) => {
    const sent: unknown[] = [];
    const url = await serving((request, response) => {
      sent.push(request.headers.authorization);
      response.writeHead(500).end();
    });
    await runCli([...show, '--url', url], given);
    expect(sent).toEqual(['Bearer mgk_secret']);
  });

  test('that a header cannot carry is refused without being shown', async () => {
    const { code, stderr } = await runCli(show, { env: { MAU_OPS_KEY: 'mgk_a b\nc' } });
    expect(code).toBe(2);
    expect(stderr).not.toContain('mgk_a');
  });

  test('never goes where the gateway points', async () => {
    const seen: unknown[] = [];
    const elsewhere = await serving((request, response) => {
      seen.push(request.headers);
      response.end('{}');
    });
    const url = await serving((_request, response) => {
      response.writeHead(307, { location: `${elsewhere}/v1/budget` }).end();
    });
    expect((await runCli([...show, '--url', url], { env })).code).toBe(1);
    expect(seen).toEqual([]);
  });

  test('on its way over plain http to another machine is mentioned', async () => {
    const answer = () => Promise.resolve(new Response('{}', { status: 503 }));
    const far = await runCli([...show, '--url', 'http://gateway.internal:3000'], { env, fetch: answer });
    expect(far.stderr).toMatch(/^note: http:\/\/gateway\.internal:3000 is not encrypted/);
    const near = await runCli([...show, '--url', 'http://[::1]:3000'], { env, fetch: answer });
    expect(near.stderr).not.toContain('not encrypted');
  });
});

describe('--url', () => {
  test.each(['gateway:3000', 'ftp://gateway', 'http://anna:pw@gateway', 'http://gateway/?x=1', ''])(
    '%j is refused',
    async (url) => {
      const { code, stderr } = await runCli([...show, '--url', url], { env });
      expect(code).toBe(2);
      expect(stderr).toMatch(/^error: --url must/);
    },
  );

  test('may have a path and a slash behind it', async () => {
    const paths: unknown[] = [];
    const url = await serving((request, response) => {
      paths.push(request.url);
      response.writeHead(404).end();
    });
    await runCli([...show, '--url', `${url}/guard/`, '--service', 'shop & co'], { env });
    expect(paths).toEqual(['/guard/v1/budget?service=shop+%26+co']);
  });
});

describe('when it does not go well', () => {
  test('nobody listens', async () => {
    const url = await serving(() => {});
    await closeListeners();
    const { code, stdout, stderr } = await runCli([...show, '--url', url], { env });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^http:\/\/127\.0\.0\.1:\d+ does not answer: .*ECONNREFUSED/);
    expect(stderr).not.toContain('idempotency');
  });

  test('a write without an answer says how to do it once only', async () => {
    const keys: unknown[] = [];
    const url = await serving((request) => {
      keys.push(request.headers['idempotency-key']);
      request.socket.destroy();
    });
    const { code, stderr } = await runCli(['freeze', 'on', '--reason', 'x', '--url', url], { env });
    expect(code).toBe(1);
    expect(keys).toEqual([expect.stringMatching(/^cli-\S{22}$/)]);
    expect(stderr).toContain(`--idempotency-key ${keys[0]}`);
  });

  test.each([
    [503, 'ledger-unavailable', true],
    [500, 'internal', true],
    [502, 'unknown', true],
    [409, 'conflict', false],
  ])('a write that is answered with %i %s: told under which key to repeat it: %j', async (...given) => {
    const [status, code, isTold] = given;
    const keys: unknown[] = [];
    const url = await serving((request, response) => {
      keys.push(request.headers['idempotency-key']);
      response.writeHead(status).end(JSON.stringify({ title: 'No', detail: 'No.', code }));
    });
    const ran = await runCli(['freeze', 'on', '--reason', 'x', '--url', url], { env });
    expect(ran.code).toBe(1);
    expect(ran.stderr.includes(`Run the command again with --idempotency-key ${keys[0]}:`)).toBe(isTold);
    const read = await runCli([...show, '--url', url], { env });
    expect(read.stderr).not.toContain('idempotency');
  });

  test.each([
    ['a page', 200, '<html>'],
    ['other JSON', 200, '{"hello":"world"}'],
  ])('%s instead of an answer is not taken for one', async (_name, status, body) => {
    const url = await serving((_request, response) => {
      response.writeHead(status).end(body);
    });
    const { code, stdout, stderr } = await runCli([...show, '--url', url, '--json'], { env });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('does not answer as a gateway');
  });

  test('something in front of the gateway refuses', async () => {
    const url = await serving((_request, response) => {
      response.writeHead(502).end('<h1>Bad gateway</h1>');
    });
    const { code, stderr } = await runCli([...show, '--url', url], { env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Status 502: /);
  });

  test('a wait that the gateway asks for is told', async () => {
    const problem = {
      title: 'Too many requests',
      detail: 'Slow down.',
      code: 'rate-limited',
      requestId: 'r1',
    };
    const url = await serving((_request, response) => {
      response.writeHead(429, { 'retry-after': '17' }).end(JSON.stringify(problem));
    });
    const { stderr } = await runCli([...show, '--url', url], { env });
    expect(stderr).toBe(
      'Too many requests: Slow down.\n  code       rate-limited\n  request    r1\n  next step  Run the command again in 17 s.\n',
    );
  });

  test.each([
    ['ledger-unavailable', /next step +Run the command again in 1 s\. If it stays so, .*mau-guard doctor/],
    ['twilio-unavailable', /next step +Do what is said above/],
  ])('%s: where to look is told', async (code, words) => {
    const url = await serving((_request, response) => {
      response
        .writeHead(503, { 'retry-after': '1' })
        .end(JSON.stringify({ title: 'Away', detail: 'It is away.', code, requestId: 'r1' }));
    });
    expect((await runCli([...show, '--url', url], { env })).stderr).toMatch(words);
  });

  test('what others wrote cannot move the cursor', async () => {
    const problem = { title: 'Conflict', detail: 'a\u001b[2Jb\u202ec\r\nd', code: 'conflict' };
    const url = await serving((_request, response) => {
      response.writeHead(409).end(JSON.stringify(problem));
    });
    const { stderr } = await runCli([...show, '--url', url], { env, tty: true });
    expect(stderr).toMatch(/^Conflict: a\ufffd\[2Jb\ufffdc\ufffd\ufffdd\n/);
    expect(stderr).not.toContain('\u001b');
  });

  test('Ctrl-C ends it with 130', async () => {
    const controller = new AbortController();
    const url = await serving(() => controller.abort(new Error('interrupted')));
    const { code, stdout, stderr } = await runCli([...show, '--url', url], {
      ...{ env, interruption: controller.signal },
    });
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toBe('interrupted; what was under way may have been done\n');
  });

  test('Ctrl-C during a write says under which key to repeat it', async () => {
    const controller = new AbortController();
    const keys: unknown[] = [];
    const url = await serving((request) => {
      keys.push(request.headers['idempotency-key']);
      controller.abort(new Error('interrupted'));
    });
    const { code, stderr } = await runCli(['freeze', 'on', '--reason', 'x', '--url', url], {
      ...{ env, interruption: controller.signal },
    });
    expect(code).toBe(130);
    expect(stderr).toMatch(/^interrupted; /);
    expect(stderr).toContain(`Run the command again with --idempotency-key ${keys[0]}:`);
  });
});
