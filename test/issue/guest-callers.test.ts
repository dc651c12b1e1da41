import { afterEach, describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { monthOf } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { GuestAdoption, HumanCheck } from '../../src/issue/ports.ts';
import { credentialsOf, type Issuing, type IssuingOptions, NOW, startIssuing } from './issuing.ts';
import { block, budgetOf } from './steer.ts';

let issuing: Issuing;

afterEach(() => issuing.close());

function start(options: IssuingOptions = {}): Issuing {
  issuing = startIssuing(options);
  return issuing;
}

async function totals() {
  await issuing.ledger.record(DEFAULT_SERVICE, []);
  return issuing.ledger.totals(DEFAULT_SERVICE, monthOf(NOW));
}

describe('a human check', () => {
  const verified: unknown[] = [];
  const check = (verify: HumanCheck['verify']): IssuingOptions => {
    verified.length = 0;
    const humanCheck: HumanCheck = {
      required: ({ via }) => via === 'guest',
      verifyDetails: { provider: 'turnstile', siteKey: 'k' },
      verify(humanToken, remoteAddress) {
        verified.push([humanToken, remoteAddress]);
        return verify(humanToken, remoteAddress);
      },
    };
    return { parts: () => ({ humanCheck }) };
  };
  const passing = () => check((token) => Promise.resolve(token === 'good'));
  const UNCHECKED = { code: 'human-check-required', verify: { provider: 'turnstile', siteKey: 'k' } };

  test('stands before the first token of a guest, and then never again this month', async () => {
    const { ask } = start(passing());
    expect(await ask('guest-1')).toMatchObject(UNCHECKED);
    const address = { remoteAddress: '192.0.2.7' };
    expect(await ask('guest-1', { humanToken: 'good' }, address)).toMatchObject({ outcome: 'minted' });
    expect(await ask('guest-1')).toMatchObject({ outcome: 'reused' });
    expect(await ask('guest-1', { humanToken: 'used-up' })).toMatchObject({ outcome: 'reused' });
    expect(verified).toEqual([['good', '192.0.2.7']]);
    expect(await totals()).toMatchObject({ all: 1, minted: 1, reused: 2 });
  });

  test('is not asked again of a guest who comes back in another month', async () => {
    const { ask, clock, ledger } = start(passing());
    expect(await ask('guest-1', { humanToken: 'good' })).toMatchObject({ outcome: 'minted' });
    clock.set(Date.parse('2026-12-10T09:00:00Z'));
    expect(await ask('guest-1')).toMatchObject({ outcome: 'minted', month: '2026-12', firstThisMonth: true });
    expect((await ledger.totals(DEFAULT_SERVICE, monthOf(clock.now()))).refused).toEqual({});
    clock.set(Date.parse('2027-01-10T09:00:00Z'));
    expect(await ask('guest-1', { humanToken: 'used-up' })).toMatchObject({ outcome: 'minted' });
    expect(await ask('guest-2')).toMatchObject(UNCHECKED);
    expect(verified).toHaveLength(1);
  });

  test('that fails counts nobody', async () => {
    const { ask, steps } = start(passing());
    expect(await ask('guest-1', { humanToken: 'bad' })).toMatchObject(UNCHECKED);
    expect(steps).not.toContain('admit');
    expect(await totals()).toMatchObject({ all: 0, refused: { 'human-check-required': 1 } });
  });

  test('that is missing is counted as that, and as nothing else', async () => {
    const { ask } = start(passing());
    expect(await ask('guest-1')).toMatchObject(UNCHECKED);
    expect((await totals()).refused).toEqual({ 'human-check-required': 1 });
  });

  test('that cannot be made passes nobody', async () => {
    const away = new GatewayError('identity-provider-unavailable', 'turnstile: timeout');
    const { ask } = start(check(() => Promise.reject(away)));
    await expect(ask('guest-1', { humanToken: 'good' })).rejects.toBe(away);
    expect((await totals()).all).toBe(0);
  });

  test('is not wasted on guests who would be refused all the same', async () => {
    const { ask, ledger, token } = start(passing());
    const { identity } = await token('guest-1', { humanToken: 'good' });
    await block(ledger, identity, true);
    verified.length = 0;
    expect(await ask('guest-1', { humanToken: 'good' })).toMatchObject({ code: 'identity-blocked' });
    expect(await ask('guest-2', { humanToken: 'good', intent: 'refresh' })).toMatchObject({
      code: 'lazy-connect-required',
      intent: 'refresh',
    });
    expect(verified).toEqual([]);
  });

  test('does not open the budget', async () => {
    const { ask, ledger } = start(passing());
    const budget = budgetOf({ scopes: { 'class:guest': 0 } });
    await ledger.configureBudget(DEFAULT_SERVICE, monthOf(NOW), budget);
    expect(await ask('guest-1', { humanToken: 'good' })).toMatchObject({
      code: 'mau-budget-exhausted',
      budget: 'class:guest',
    });
  });

  test('does not concern members, who are served in one call', async () => {
    const { ask, steps } = start(passing());
    expect(await ask('ada')).toMatchObject({ outcome: 'minted' });
    expect(steps.filter((step) => step === 'admit' || step === 'standing')).toEqual(['admit']);
    steps.length = 0;
    await ask('guest-1', { humanToken: 'good' });
    steps.length = 0;
    expect(await ask('guest-1')).toMatchObject({ outcome: 'reused' });
    expect(steps.filter((step) => step === 'admit' || step === 'standing')).toEqual(['admit']);
  });
});

describe('adoption without being asked', () => {
  const asked: string[] = [];
  const adopting = (over: boolean): IssuingOptions => {
    asked.length = 0;
    const guestAdoption: GuestAdoption = {
      adopt(service, member) {
        asked.push(`${service} ${member.slice(0, 2)}`);
        return Promise.resolve(over);
      },
    };
    return { parts: () => ({ guestAdoption }) };
  };
  const withCookie = (subject: string) => ({
    credentials: { ...credentialsOf(subject), cookie: '__Host-mg_guest=1', originTrusted: true },
  });

  test('happens before the member is admitted, and says that the cookie is over', async () => {
    const { ask } = start(adopting(true));
    expect(await ask('ada', {}, withCookie('ada'))).toMatchObject({ guestAdopted: true });
    expect(asked).toEqual(['default m_']);
  });

  test('that did not happen says so', async () => {
    const { ask } = start(adopting(false));
    expect(await ask('ada', {}, withCookie('ada'))).toMatchObject({ guestAdopted: false });
  });

  test('is not for guests, not for pools, nor whom a backend speaks for, not without a cookie, and not for who is refused', async () => {
    const { ask } = start(adopting(true));
    await ask('guest-1', {}, withCookie('guest-1'));
    await ask('test-1', {}, withCookie('test-1'));
    await ask('backend-1', {}, withCookie('backend-1'));
    await ask('ada');
    await ask('ada', { intent: 'page_load' }, withCookie('ada'));
    expect(asked).toEqual([]);
  });
});
