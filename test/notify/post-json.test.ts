import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { postJson } from '../../src/notify/post-json.ts';
import { type LoopbackTarget, startLoopbackTarget } from './loopback-target.ts';

const NOW = Date.parse('2026-11-20T21:00:00Z');

let target: LoopbackTarget;
beforeEach(async () => {
  target = await startLoopbackTarget();
});
afterEach(() => target.close());

function post(overrides: Partial<Parameters<typeof postJson>[0]> = {}) {
  return postJson({
    url: target.url,
    headers: { 'webhook-id': 'msg_1' },
    body: '{"a":1}',
    timeoutMs: 2_000,
    nowMs: NOW,
    signal: new AbortController().signal,
    ...overrides,
  });
}

describe('a post', () => {
  it.each([200, 201, 204])('answered %i is delivered', async (status) => {
    target.answer = { status };
    expect(await post()).toEqual({ outcome: 'delivered' });
    expect(target.received).toHaveLength(1);
    expect(target.received[0]).toMatchObject({
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json', 'webhook-id': 'msg_1' },
    });
  });

  it.each([400, 404, 500])('answered %i has failed', async (status) => {
    target.answer = { status, headers: { 'retry-after': '60' } };
    expect(await post()).toEqual({ outcome: 'failed', error: `answered ${status}`, retryAfterMs: null });
  });

  it.each([301, 302, 307, 308])('answered %i has failed; nothing is sent elsewhere', async (status) => {
    target.answer = { status, headers: { location: '/elsewhere' } };
    expect(await post()).toMatchObject({ outcome: 'failed', error: `answered ${status}` });
    expect(target.received).toHaveLength(1);
  });

  it('answered 410 is unwanted', async () => {
    target.answer = { status: 410 };
    expect(await post()).toEqual({ outcome: 'unwanted', error: 'answered 410' });
  });

  it.each([
    [429, '120', 120_000],
    [503, '0', 0],
    [503, 'Fri, 20 Nov 2026 21:02:00 GMT', 120_000],
    [503, 'Fri, 20 Nov 2026 20:00:00 GMT', 0],
    [429, 'soon', null],
    [429, '-5', null],
  ])('answered %i with Retry-After %s is due again after %s ms', async (status, retryAfter, retryAfterMs) => {
    target.answer = { status, headers: { 'retry-after': retryAfter } };
    expect(await post()).toEqual({ outcome: 'failed', error: `answered ${status}`, retryAfterMs });
  });

  it('without an answer ends at its deadline', async () => {
    target.answer = 'hang';
    const begun = performance.now();
    expect(await post({ timeoutMs: 100 })).toEqual({
      outcome: 'failed',
      error: 'no answer within 100 ms',
      retryAfterMs: null,
    });
    expect(performance.now() - begun).toBeLessThan(1_500);
  });

  it('does not wait for the end of the answer', async () => {
    target.answer = 'endless';
    expect(await post()).toEqual({ outcome: 'delivered' });
  });

  it('is cut off by the signal and due again soon', async () => {
    target.answer = 'hang';
    expect(await post({ signal: AbortSignal.timeout(50) })).toEqual({
      outcome: 'cut-off',
      error: 'cut off, because the gateway stopped',
    });
  });

  it.each([
    ['http://127.0.0.1:1/T00/secret-part', 'could not connect'],
    ['http://[::1/secret-part', 'could not connect: ERR_INVALID_URL'],
  ])('to %s fails without telling the address', async (url, error) => {
    const outcome = await post({ url });
    expect(outcome).toMatchObject({ outcome: 'failed', error });
    expect(JSON.stringify(outcome)).not.toMatch(/127\.0\.0\.1|secret-part/);
  });

  it('to a closed port names the cause', async () => {
    const { url } = target;
    await target.close();
    expect(await post({ url })).toMatchObject({ error: 'could not connect: ECONNREFUSED' });
  });
});
