import { describe, expect, test } from '@jest/globals';
import { judgeGuardWebhook, judgePostWebhooks } from '../../src/doctor/checks/webhooks.ts';
import type { TwilioSetup, WebhookTarget } from '../../src/doctor/ports.ts';

const URL_ = 'https://chat.example.com';
const HOOK = `${URL_}/v1/webhooks/twilio`;
const EVENTS = ['onMessageAdded', 'onParticipantAdded', 'onUserAdded'];
const PLACE = { publicUrl: URL_, verifies: true, serviceParameter: null, events: EVENTS };
const NONE: WebhookTarget = { preUrl: null, postUrl: null, filters: [], method: 'POST' };

function setup(account: Partial<WebhookTarget>, service: Partial<WebhookTarget> = {}): TwilioSetup {
  return {
    reachability: true,
    permissions: { user: [], member: [], creator: [] },
    webhooks: { account: { ...NONE, ...account }, service: { ...NONE, ...service } },
    openingNumbers: 0,
  };
}

describe('post-action webhooks', () => {
  const judge = (account: Partial<WebhookTarget>, service?: Partial<WebhookTarget>, place = {}) =>
    judgePostWebhooks(setup(account, service), { ...PLACE, ...place });

  test('all events, from account and service together, with a slash or a query at the end', () => {
    expect(judge({ postUrl: `${HOOK}/`, filters: EVENTS }).status).toBe('ok');
    const split = judge(
      { postUrl: HOOK, filters: ['onUserAdded'] },
      { postUrl: `${HOOK}?service=default`, filters: ['onMessageAdded', 'onParticipantAdded'] },
    );
    expect(split.status).toBe('ok');
  });

  test('names the events that are missing', () => {
    const finding = judge(
      { postUrl: HOOK, filters: ['onMessageAdded'] },
      // What goes elsewhere is not told here.
      { postUrl: 'https://other.example.com/', filters: EVENTS },
    );
    expect(finding).toMatchObject({
      status: 'warn',
      detail: '2 of 3 events are not chosen: onParticipantAdded, onUserAdded',
    });
  });

  test.each([
    ['nothing', {}, 'no post-action URL', 'warn'],
    [
      'another host',
      { postUrl: 'https://chat.example.org/v1/webhooks/twilio' },
      'leads to https://chat.example.org/',
      'warn',
    ],
    ['another scheme', { postUrl: 'http://chat.example.com/v1/webhooks/twilio' }, 'leads to http://', 'warn'],
    ['the guard', { postUrl: `${HOOK}/guard`, filters: EVENTS }, '/guard', 'error'],
    ['by GET', { postUrl: HOOK, filters: EVENTS, method: 'GET' }, 'by GET', 'error'],
    ['what is no URL', { postUrl: 'chat' }, 'what is no URL', 'warn'],
  ])('%s is told', (_name, account, detail, status) => {
    // Where events lead elsewhere, or nowhere, Event Streams may bring them all the same.
    expect(judge(account)).toMatchObject({ status, detail: expect.stringContaining(detail) });
  });

  test('tells no login or key of an address', () => {
    const finding = judge({ postUrl: 'https://user:pass@other.example.com/hook/secret?key=k1' });
    expect(finding.detail).toBe('the post-action URL leads to https://other.example.com/…');
  });

  test('several services in the account need a name each', () => {
    const place = { serviceParameter: 'sales' };
    const postUrl = HOOK;
    expect(judge({ postUrl, filters: EVENTS }, {}, place)).toMatchObject({
      status: 'warn',
      fix: expect.stringContaining('?service=sales'),
    });
    expect(judge({ postUrl: `${HOOK}?service=sales`, filters: EVENTS }, {}, place).status).toBe('ok');
  });

  test('without an Auth Token or PUBLIC_URL nothing is taken', () => {
    expect(judge({ postUrl: HOOK, filters: EVENTS }, {}, { verifies: false })).toMatchObject({
      status: 'warn',
      detail: expect.stringContaining('TWILIO_AUTH_TOKEN'),
    });
    expect(judge({}, {}, { publicUrl: null }).detail).toContain('PUBLIC_URL');
  });
});

describe('the guard webhook', () => {
  const judge = (account: Partial<WebhookTarget>, blocks = true, place = {}) =>
    judgeGuardWebhook(setup(account), { ...PLACE, ...place }, blocks);
  const guard = { preUrl: `${HOOK}/guard`, filters: ['onParticipantAdd'] };

  test('that asks before people are added', () => expect(judge(guard).status).toBe('ok'));

  test('on the post-action path would stop customers', () => {
    for (const preUrl of [HOOK, `${HOOK}/?x=1`, `${HOOK}/event-streams`]) {
      expect(judge({ ...guard, preUrl })).toMatchObject({
        status: 'error',
        why: expect.stringContaining('customer'),
      });
    }
  });

  test('that is missing, or misses the event, matters only to a budget that blocks', () => {
    expect(judge({}).status).toBe('warn');
    expect(judge({}, false).status).toBe('ok');
    expect(judge({ ...guard, filters: ['onMessageAdd'] }).detail).toContain('onParticipantAdd');
    expect(judge({ preUrl: 'https://other.example.com/' }).status).toBe('warn');
  });

  test('of several services in the account lets everybody through without a name', () => {
    const place = { serviceParameter: 'sales' };
    const named = (query: string) => judge({ ...guard, preUrl: `${guard.preUrl}${query}` }, true, place);
    for (const query of ['', '?service=support', '?service=']) {
      expect(named(query)).toMatchObject({ status: 'error', fix: expect.stringContaining('?service=sales') });
    }
    expect(named('?service=sales').status).toBe('ok');
  });

  test('that asks by GET is let through', () => {
    expect(judge({ ...guard, method: 'GET' })).toMatchObject({
      status: 'error',
      detail: expect.stringContaining('GET'),
    });
  });

  test('cannot verify anything without an Auth Token', () => {
    expect(judge(guard, true, { verifies: false })).toMatchObject({ status: 'error' });
  });
});
