import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from '@twilio/conversations';
import { createDemoVisitors } from '../../src/demo/demo-visitors.ts';
import { keepDemoActivities } from '../../src/demo/keep-demo-activities.ts';
import { createDemoSite } from '../../src/demo/site/create-demo-site.ts';
import { type DemoTwilio, startDemoTwilio } from '../../src/demo/start-demo-twilio.ts';
import { systemClock } from '../../src/system-clock.ts';
import { signToken } from './twilio-socket/support/fake-account.ts';
import { end, next, type SdkClient } from './twilio-socket/support/sdk.ts';

const ACCOUNT = {
  accountSid: `AC${'0'.repeat(32)}`,
  serviceSid: `IS${'0'.repeat(32)}`,
  apiKey: { sid: `SK${'0'.repeat(32)}`, secret: 'a secret of the gateway' },
};

describe('the fake Twilio of demo mode', () => {
  let twilio: DemoTwilio;
  let clients: SdkClient[];

  beforeEach(async () => {
    twilio = await startDemoTwilio(ACCOUNT, systemClock, () => 'a secret of the other shop');
    clients = [];
  });
  afterEach(async () => {
    await Promise.all(clients.map(end));
    await twilio.close();
  });

  function connect(token: string, uri: string): SdkClient {
    const client = new Client(token, { Twilsock: { uri } });
    clients.push(client);
    return client;
  }

  it('bills each account for its own people, and each of them once', async () => {
    const { guarded, unguarded } = twilio;
    const { accountSid, serviceSid, apiKey } = ACCOUNT;
    const parts = { accountSid, serviceSid, keySid: apiKey.sid, secret: apiKey.secret };
    const tabs = [1, 2].map(() => connect(signToken({ ...parts, identity: 'ada' }), guarded.socketUrl));
    const other = connect(unguarded.signToken('ada'), unguarded.socketUrl);
    await Promise.all([...tabs, other].map((client) => next(client, 'initialized')));
    expect([guarded.billed(), unguarded.billed()]).toEqual([1, 1]);
  });

  it('lets nobody into one account with a token of the other', async () => {
    const client = connect(twilio.unguarded.signToken('ada'), twilio.guarded.socketUrl);
    expect(await next(client, 'connectionError')).toMatchObject({ terminal: true, errorCode: 20103 });
    expect(twilio.guarded.billed()).toBe(0);
  });

  it('remembers from start to start whom the account of the gateway has seen', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mau-guard-demo-twilio-'));
    try {
      const start = () =>
        startDemoTwilio(ACCOUNT, systemClock, () => 'a secret', keepDemoActivities(join(folder, 'demo.db')));
      const { accountSid, serviceSid, apiKey } = ACCOUNT;
      const parts = { accountSid, serviceSid, keySid: apiKey.sid, secret: apiKey.secret };
      const first = await start();
      const client = connect(signToken({ ...parts, identity: 'ada' }), first.guarded.socketUrl);
      await next(client, 'initialized');
      await end(client);
      await first.close();

      const second = await start();
      expect([second.guarded.billed(), second.unguarded.billed()]).toEqual([1, 0]);
      const visitors = createDemoVisitors('a secret', () => 'a-name');
      expect(createDemoSite(second, visitors).tally('lazy')).toEqual({ visitors: 0, billed: 0 });
      const authorization = `Basic ${Buffer.from(`${apiKey.sid}:${apiKey.secret}`).toString('base64')}`;
      const answer = await fetch(`${second.restUrl}/v1/Services/${serviceSid}/Users`, {
        headers: { authorization },
      });
      expect(await answer.json()).toMatchObject({ users: [{ identity: 'ada', is_online: null }] });
      await second.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('serves the REST API of the account of the gateway to its key', async () => {
    const { serviceSid, apiKey } = ACCOUNT;
    const url = `${twilio.restUrl}/v1/Services/${serviceSid}/Users`;
    const authorization = `Basic ${Buffer.from(`${apiKey.sid}:${apiKey.secret}`).toString('base64')}`;
    expect((await fetch(url, { headers: { authorization } })).status).toBe(200);
    expect((await fetch(url)).status).toBe(401);
  });
});
