import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { fireAlerts, NOW } from '../alerts/fire-alerts.ts';
import { ADMIN, createOperatorApp, type OperatorApp, VIEWER } from '../ops/operator-app.ts';
import { openBrowser } from '../ops/signed-in.ts';

let gateway: OperatorApp;
let sent = 0;
let send = async () => [
  { target: 'pager', error: null },
  { target: 'chat', error: 'answered 404' },
];
beforeEach(() => {
  sent = 0;
  gateway = createOperatorApp({
    alertTester: {
      targets: ['pager', 'chat'],
      send: () => {
        sent++;
        return send();
      },
    },
  });
});
afterEach(() => gateway.ledger.close());

const FORM = { reason: 'New channel', once: 'a' };

async function audit() {
  return (await request(gateway.app).get('/v1/audit').set(ADMIN)).body.items;
}

describe('the page of alerts', () => {
  it('says who is told', async () => {
    const { text } = await request(gateway.app).get('/ops/alerts').set(VIEWER).expect(200);
    expect(text).toContain('2 targets are told of each: pager, chat.');
    expect(text).not.toContain('Send a test');
  });

  it('says of an alert that a new target skipped why, and counts no attempt', async () => {
    await fireAlerts(gateway.ledger, 1);
    const take = { targets: ['pager'], now: NOW + 1_000, leaseMs: 20_000, max: 1 };
    const [due] = await gateway.ledger.takeDeliveries(DEFAULT_SERVICE, take);
    await gateway.ledger.settleDelivery(DEFAULT_SERVICE, due?.alert.id ?? '', 'pager', {
      ...{ at: NOW + 2_000, state: 'skipped', dueAt: null, error: 'too old when it was first due here' },
    });
    const { text } = await request(gateway.app).get('/ops/alerts').set(VIEWER).expect(200);
    expect(text).toContain('pager: skipped, too old when it was first due here<');
  });

  it('says when the forecast is looked at next', async () => {
    const { text } = await request(gateway.app).get('/ops/alerts').set(VIEWER).expect(200);
    expect(text).toContain('The forecast: every 10 min, here a look is under way.');
    await gateway.ledger.close();
    const nextAt = '2026-11-20T21:07:30.000Z';
    gateway = createOperatorApp({
      forecastLooks: { everyMs: 600_000, nextLookAt: () => Date.parse(nextAt) },
    });
    expect((await request(gateway.app).get('/ops/alerts').set(VIEWER)).text).toContain(
      `every 10 min, here next at <time datetime="${nextAt}">2026-11-20 21:07 UTC</time>.`,
    );
  });

  it('sends a test once, says whom it reached, and writes it down', async () => {
    const admin = await openBrowser(gateway, 'admin-key');
    expect((await admin.get('/ops/alerts')).text).toContain('Send a test');
    const { text } = await admin.post('/ops/alerts/test', FORM).expect(200);
    expect(text).toContain('pager: got the test');
    expect(text).toContain('chat: did not get it, answered 404');
    expect(sent).toBe(1);
    expect(await audit()).toMatchObject([
      { action: 'alerts.test', target: 'pager, chat', reason: 'New channel' },
    ]);
  });

  it('sends one at a time', async () => {
    let finish = () => {};
    send = () =>
      new Promise((resolve) => {
        finish = () => resolve([]);
      });
    const admin = await openBrowser(gateway, 'admin-key');
    const first = admin.post('/ops/alerts/test', FORM).then((answer) => answer);
    while (sent === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const { text } = await admin.post('/ops/alerts/test', { ...FORM, once: 'b' }).expect(409);
    expect(text).toContain('Another test is under way.');
    finish();
    await first;
    expect(sent).toBe(1);
  });

  it('sends none without a reason, or for somebody else', async () => {
    const admin = await openBrowser(gateway, 'admin-key');
    await admin.post('/ops/alerts/test', { ...FORM, reason: '' }).expect(422, /Must not be blank/);
    await (await openBrowser(gateway, 'finance-key')).post('/ops/alerts/test', FORM).expect(403);
    await request(gateway.app)
      .post('/ops/alerts/test')
      .type('form')
      .set({ ...admin.headers, 'Sec-Fetch-Site': 'same-site' })
      .send(FORM)
      .expect(403);
    expect(sent).toBe(0);
    expect(await audit()).toEqual([]);
  });
});
