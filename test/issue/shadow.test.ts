import { afterEach, describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { monthOf } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { NO_HINTS } from '../../src/policy/policy.ts';
import { type Issuing, type IssuingOptions, NOW, startIssuing } from './issuing.ts';
import { budgetOf } from './steer.ts';

let issuing: Issuing;

function start(shadow: string[], options: IssuingOptions = {}): Issuing {
  issuing = startIssuing({ policy: { shadow }, ...options });
  return issuing;
}

afterEach(() => issuing.close());

async function totals() {
  await issuing.ledger.record(DEFAULT_SERVICE, []);
  return issuing.ledger.totals(DEFAULT_SERVICE, monthOf(NOW));
}

const lastShadow = () => issuing.events.at(-1)?.shadow;

describe('a rule in shadow', () => {
  test('that refuses outright serves all the same, is counted and logged', async () => {
    const { token } = start(['intent-denied']);
    expect(await token('ada', { intent: 'page_load' })).toMatchObject({ outcome: 'minted' });
    expect(lastShadow()).toEqual(['intent-denied']);
    expect(await totals()).toMatchObject({ all: 1, refused: {}, shadow: { 'intent-denied': 1 } });
  });

  test('that serves people of the month is counted for newcomers only', async () => {
    const { token } = start(['intent-known-only']);
    await token('ada', { intent: 'refresh' });
    expect(lastShadow()).toEqual(['intent-known-only']);
    await token('ada', { intent: 'refresh' });
    expect(lastShadow()).toEqual([]);
    expect((await totals()).shadow).toEqual({ 'intent-known-only': 1 });
  });

  test('that asks for a reason is counted for newcomers without one', async () => {
    const { token, ledger } = start(['reason-to-connect']);
    const { identity } = await token('ada', { service: 'support' });
    const at = Date.parse('2026-10-09T08:00:00Z');
    await ledger.record(DEFAULT_SERVICE, [
      { identity, signal: 'joined', at, source: 'webhook', className: 'member' },
    ]);
    await token('ada', { intent: 'notification' });
    expect(lastShadow()).toEqual([]);
    await token('grace', { intent: 'notification' });
    expect(lastShadow()).toEqual(['reason-to-connect']);
    expect((await totals()).shadow).toEqual({ 'reason-to-connect': 1 });
  });

  test('is named beside the refusal of another rule', async () => {
    const { ask } = start(['prefetch-never-connects', 'crawler-never-connects']);
    const hints = { ...NO_HINTS, prefetch: true, crawler: true };
    expect(await ask('ada', { intent: 'page_load' }, { hints })).toMatchObject({ intent: 'page_load' });
    expect(issuing.events.at(-1)).toMatchObject({
      code: 'lazy-connect-required',
      shadow: ['prefetch-never-connects', 'crawler-never-connects'],
    });
    expect((await totals()).shadow).toEqual({
      'prefetch-never-connects': 1,
      'crawler-never-connects': 1,
    });
  });

  test('is counted for a newcomer whom the budget turned away too', async () => {
    const { ask, ledger } = start(['intent-known-only']);
    await ledger.configureBudget(DEFAULT_SERVICE, monthOf(NOW), budgetOf({ scopes: { all: 0 } }));
    expect(await ask('ada', { intent: 'refresh' })).toMatchObject({ code: 'mau-budget-exhausted' });
    expect(lastShadow()).toEqual(['intent-known-only']);
  });

  test('costs nothing where it has nothing to say', async () => {
    const { token, steps } = start(['intent-denied', 'hidden-tab', 'crawler-never-connects']);
    await token('ada');
    expect(steps).toEqual(['clock', 'authenticate', 'resolve', 'limit', 'decide', 'admit', 'mint']);
    expect(lastShadow()).toEqual([]);
  });

  test('keeps nobody from a token when it cannot be counted', async () => {
    const away = new GatewayError('ledger-unavailable', 'redis: closed');
    const { token } = start(['reason-to-connect', 'intent-denied'], {
      parts: ({ ledger }) => ({
        ledger: {
          admit: (ask) => ledger.admit(ask),
          countRefusal: (service, code, at) => ledger.countRefusal(service, code, at),
          withdrawRefusal: (service, code, at) => ledger.withdrawRefusal(service, code, at),
          linksOf: (service, own) => ledger.linksOf(service, own),
          identityFile: (service, identity) => ledger.identityFile(service, identity),
          standing: () => Promise.reject(away),
          preview: () => Promise.reject(away),
          unread: () => Promise.reject(away),
          countShadow: () => Promise.reject(away),
        },
      }),
    });
    expect(await token('ada', { intent: 'notification' })).toMatchObject({ outcome: 'minted' });
    expect(await token('grace', { intent: 'page_load' })).toMatchObject({ outcome: 'minted' });
  });
});
