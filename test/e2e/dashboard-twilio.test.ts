import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FindingsAnswer } from '../../src/contract/findings.ts';
import type { ReconciliationAnswer } from '../../src/contract/reconciliation.ts';
import {
  createFakeModel,
  FAKE_POST_FILTERS,
  type FakeModel,
} from '../../src/demo/twilio/model/create-fake-model.ts';
import { FAKE_FAULTS, type FakeFault } from '../../src/demo/twilio/rest/faults.ts';
import { type FakeTwilio, startFakeTwilio } from '../../src/demo/twilio/start-fake-twilio.ts';
import type { Month } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import {
  ADMIN_KEY,
  type OperatorGateway,
  startOperatorGateway,
  VIEWER_KEY,
} from '../cli/operator-gateway.ts';
import { ACCOUNT, KEY, MINIMAL, SERVICE } from '../config/support.ts';
import { fillMonths } from '../ops/fill-months.ts';
import { pairOf, tableOf, textOf } from '../ops/page-text.ts';
import { settableClock } from '../support/clock.ts';

const PUBLIC_URL = 'https://gateway.example';
const HOOK = `${PUBLIC_URL}/v1/webhooks/twilio`;
const HOUR_MS = 3_600_000;

let operator: OperatorGateway;
let model: FakeModel;
let twilio: FakeTwilio;
let fault: FakeFault | null;

beforeEach(async () => {
  fault = null;
  const clock = settableClock(Date.parse('2026-11-20T21:00:00.123Z'));
  model = createFakeModel({ accountSid: ACCOUNT, services: [SERVICE], now: clock.now });
  const apiKey = { sid: KEY, secret: MINIMAL['TWILIO_API_KEY_SECRET'] ?? '' };
  twilio = await startFakeTwilio({ accountSid: ACCOUNT, apiKey, model, fault: () => fault });
  operator = await startOperatorGateway(
    {
      ...{ TWILIO_REST_URL: twilio.url, TWILIO_AUTH_TOKEN: 'auth-token-of-the-tests', PUBLIC_URL },
      ...{ MAU_BUDGET_IDENTITIES: '500', MAU_BUDGET_MODE: 'block' },
    },
    clock,
  );
});
afterEach(async () => {
  await operator.stop();
  // Looking changes nothing there.
  expect(twilio.requests.filter((request) => !request.startsWith('GET '))).toEqual([]);
  await twilio.close();
});

const get = (path: string, key = ADMIN_KEY) =>
  fetch(`${operator.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
const pageOf = async (path: string, key?: string) => (await get(path, key)).text();
const findings = async (month = 'current') =>
  (await (await get(`/v1/months/${month}/findings`, VIEWER_KEY)).json()) as FindingsAnswer;
const pull = () => operator.run(['reconcile']);

describe('the reconciliation', () => {
  it('is the same on the page, in the API and on the command line', async () => {
    const { ledger } = operator.gateway;
    await fillMonths(ledger);
    const filter = { after: null, limit: 1_000 };
    const { items } = await ledger.identities(DEFAULT_SERVICE, '2026-11' as Month, filter);
    // Twilio missed every ninth of those who connected.
    for (const [index, { identity, signals }] of items.entries()) {
      if (signals.some(({ signal }) => signal === 'connected') && index % 9 > 0) model.connect(identity);
    }
    model.addTrigger({ category: 'pchat-users', by: 'count', value: '450', recurring: 'monthly' });
    const { json: pulled } = await operator.runJson(['reconcile']);
    const { json: kept } = await operator.runJson(['reconcile', '--kept']);
    const answer = (await (await get('/v1/months/current/reconciliation')).json()) as ReconciliationAnswer;
    expect(answer.causes.length).toBeGreaterThanOrEqual(1);
    for (const told of [pulled, kept]) expect({ ...told, asOf: '' }).toEqual({ ...answer, asOf: '' });

    const page = await pageOf('/ops/reconciliation');
    const pair = (name: string) => pairOf(page, 'The ledger and Twilio side by side', name);
    const { ledger: ours, twilio: theirs, cost, gap } = answer;
    expect(pair('Identities in the ledger')).toBe(String(ours.total));
    expect(pair('Got a token')).toBe(String(ours.minted));
    expect(pair('Were seen connected')).toBe(String(ours.connected));
    expect(pair(`Active users, rules ${ours.rules}`)).toBe(`${ours.low}–${ours.high}`);
    expect(pair('Cost, price table “flat”')).toBe(`$${cost.low.toFixed(2)}–$${cost.high.toFixed(2)}`);
    expect(pair('Twilio’s pchat-users, whole account')).toBe(String(theirs?.count));
    expect(pair('Twilio less ledger')).toBe(signed(gap ?? 0));
    expect(tableOf(page, 'Causes')).toEqual(
      answer.causes.map(({ cause, identities, certainty, nextStep }) => [
        ...[cause, signed(identities), certainty, nextStep],
      ]),
    );
    expect(tableOf(page, 'Active users by each reading')).toEqual(
      answer.readings.map(({ rules, low, high, isTwilios }) => [
        ...[rules, low === high ? `${low}` : `${low}–${high}`, isTwilios ? 'yes' : 'no'],
      ]),
    );
    expect(textOf(page)).toContain(answer.trigger?.says);
    // The month page shows the same figure.
    expect(textOf(await pageOf('/ops'))).toContain(`Twilio reports${theirs?.count}`);
  });
});

describe('the setup at Twilio', () => {
  it('is not spoken of until somebody has looked', async () => {
    expect((await findings()).setup).toBeNull();
    expect(await pageOf('/ops')).not.toContain('findings-title');
    expect(await pageOf('/ops/system')).toContain('Nothing stands out in the figures of November 2026.');
  });

  it('is looked at with a pull, and said in the words of the doctor until it is mended', async () => {
    model.account.webhooks = { preUrl: null, postUrl: 'https://hooks.example/catch/s3cret', filters: [] };
    await pull();
    operator.clock.advance(3 * HOUR_MS);
    const { setup } = await findings();
    expect(setup).toMatchObject({ lookedAt: '2026-11-20T21:00:00.123Z', ageSeconds: 10_800 });
    const ids = ['webhooks', 'guard-webhook', 'roles', 'reachability'];
    expect(setup?.findings.map(({ id }) => id)).toEqual(ids);
    const page = textOf(await pageOf('/ops', VIEWER_KEY));
    expect(page).toContain('Webhooks: the post-action URL leads to https://hooks.example/….');
    expect(page).toContain('the setup at Twilio 3 h ago');
    expect(page).toContain('1 more finding, what to do');
    // Where others' events go may be a secret.
    expect(page).not.toContain('s3cret');
    const system = textOf(await pageOf('/ops/system', VIEWER_KEY));
    expect(system).toContain(`Set the post-action URL to ${HOOK}, method POST`);
    for (const { says, why, fix } of setup?.findings ?? []) {
      for (const text of [says, why, fix]) expect(system).toContain(text);
    }

    model.account.webhooks = {
      ...{ preUrl: `${HOOK}/guard`, postUrl: HOOK },
      filters: [...FAKE_POST_FILTERS, 'onParticipantAdd'],
    };
    for (const service of model.account.services.values()) service.reachability = true;
    await pull();
    expect((await findings()).setup).toMatchObject({ ageSeconds: 0, findings: [] });
    expect(await pageOf('/ops')).not.toContain('findings-title');
    expect(await pageOf('/ops/system')).toContain('nor in the setup at Twilio, looked at 0 s ago.');
  });

  it('stays as it was seen while Twilio fails, and with the turn of the month', async () => {
    await pull();
    operator.clock.advance(HOUR_MS);
    fault = FAKE_FAULTS.broken;
    await pull();
    const before = (await findings()).setup;
    expect(before?.ageSeconds).toBe(3_600);
    expect(before?.findings.length).toBeGreaterThan(0);
    operator.clock.set(Date.parse('2026-12-01T00:00:30Z'));
    expect((await findings()).setup?.findings).toEqual(before?.findings);
    // It says how things are, not how they were in a month that is over.
    expect((await findings('2026-11')).setup).toBeNull();
    expect(await pageOf('/ops?month=2026-11')).not.toContain('the setup at Twilio');
  });
});

function signed(change: number): string {
  return `${change > 0 ? '+' : change < 0 ? '−' : ''}${Math.abs(change).toLocaleString('en-US')}`;
}
