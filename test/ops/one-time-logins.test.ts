import { describe, expect, it } from '@jest/globals';
import { createOneTimeLogins } from '../../src/ops/one-time-logins.ts';
import { settableClock } from '../support/clock.ts';

const ann = { name: 'ann', role: 'admin' } as const;

describe('a one-time login', () => {
  it('works once', () => {
    const logins = createOneTimeLogins(settableClock(0));
    const code = logins.issue(ann);
    expect(Buffer.from(code, 'base64url')).toHaveLength(16);
    expect(logins.redeem(code)).toEqual(ann);
    expect(logins.redeem(code)).toBeNull();
  });

  it('works for 15 minutes', () => {
    const clock = settableClock(0);
    const logins = createOneTimeLogins(clock);
    const [early, late] = [logins.issue(ann), logins.issue(ann)];
    clock.set(15 * 60_000 - 1);
    expect(logins.redeem(early)).toEqual(ann);
    clock.set(15 * 60_000);
    expect(logins.redeem(late)).toBeNull();
  });

  it('is unknown to another process', () => {
    const clock = settableClock(0);
    expect(createOneTimeLogins(clock).redeem(createOneTimeLogins(clock).issue(ann))).toBeNull();
    expect(createOneTimeLogins(clock).redeem('')).toBeNull();
  });

  it('waits among a hundred at most', () => {
    const logins = createOneTimeLogins(settableClock(0));
    const codes = Array.from({ length: 101 }, () => logins.issue(ann));
    expect(logins.redeem(codes[0] ?? '')).toBeNull();
    expect(logins.redeem(codes[1] ?? '')).toEqual(ann);
    expect(logins.redeem(codes[100] ?? '')).toEqual(ann);
  });
});
