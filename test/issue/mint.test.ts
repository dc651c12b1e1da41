import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import twilio from 'twilio';
import type { Identity } from '../../src/domain/identity.ts';
import type { Month } from '../../src/domain/month.ts';
import { parseServiceName } from '../../src/domain/service-name.ts';
import { createMinter, type TokenPolicy } from '../../src/issue/mint.ts';
import type { Admitted } from '../../src/ledger/ledger.ts';

const { AccessToken } = twilio.jwt;

const ISSUED_AT = Date.UTC(2026, 10, 20, 21) / 1000;

const POLICY: TokenPolicy = {
  service: parseServiceName('default')!,
  accountSid: `AC${'1'.repeat(32)}`,
  serviceSid: `IS${'3'.repeat(32)}`,
  apiKey: { sid: `SK${'2'.repeat(32)}`, secret: 'signing-secret-of-the-tests' },
  region: null,
  pushCredentialSid: null,
  roleSids: {},
  ttlSeconds: 3600,
};

const ADMITTED: Admitted = {
  outcome: 'new',
  identity: 'm_aBKreW5gBVaef4Jyrck3wS' as Identity,
  issuedAt: ISSUED_AT,
  expiresAt: ISSUED_AT + 3600,
  ordinal: 17,
  month: '2026-11' as Month,
};

/** What twilio-node signs for the same claims, at the instant that the clock of this test shows. */
function signedByTwilio(policy: TokenPolicy, admitted: Admitted, className: string): string {
  jest.setSystemTime(admitted.issuedAt * 1000);
  const { accountSid, apiKey, region, serviceSid, pushCredentialSid, roleSids } = policy;
  const token = new AccessToken(accountSid, apiKey.sid, apiKey.secret, {
    identity: admitted.identity,
    ttl: admitted.expiresAt - admitted.issuedAt,
    ...(region === null ? {} : { region }),
  });
  token.addGrant(
    new AccessToken.ChatGrant({
      serviceSid,
      ...(pushCredentialSid === null ? {} : { pushCredentialSid }),
      ...(!Object.hasOwn(roleSids, className) ? {} : { deploymentRoleSid: roleSids[className] }),
    }),
  );
  return token.toJwt();
}

function partsOf(jwt: string): { header: string; payload: string; signature: string } {
  const [header = '', payload = '', signature = '', ...rest] = jwt.split('.');
  expect(rest).toEqual([]);
  const text = (part: string) => {
    const decoded = Buffer.from(part, 'base64url');
    expect(decoded.toString('base64url')).toBe(part);
    return decoded.toString('utf8');
  };
  return { header: text(header), payload: text(payload), signature };
}

/** Asserts that both are the same bytes, but for the `jti` that each has of its own. */
function expectSameButForJti(own: string, theirs: string): void {
  const mine = partsOf(own);
  const library = partsOf(theirs);
  expect(mine.header).toBe(library.header);
  const { jti } = JSON.parse(mine.payload) as { jti: string };
  const { jti: theirJti } = JSON.parse(library.payload) as { jti: string };
  expect(mine.payload).toBe(library.payload.replace(JSON.stringify(theirJti), JSON.stringify(jti)));
}

function expectSignedBy(secret: string, jwt: string): void {
  const [header, payload, signature] = jwt.split('.');
  expect(createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url')).toBe(signature);
}

const jtiOf = (jwt: string) => (JSON.parse(partsOf(jwt).payload) as { jti: string }).jti;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
});

afterEach(() => {
  jest.useRealTimers();
});

describe('the bytes are those of twilio-node', () => {
  const region = 'ie1';
  const pushCredentialSid = `CR${'4'.repeat(32)}`;
  const roleSids = { member: `RL${'5'.repeat(32)}`, agent: `RL${'6'.repeat(32)}` };

  test.each<[string, Partial<TokenPolicy>]>([
    ['with nothing but the service', {}],
    ['with a region', { region }],
    ['with a push credential', { pushCredentialSid }],
    ['with a role', { roleSids }],
    ['with everything', { region, pushCredentialSid, roleSids }],
    ['with a role for another class only', { roleSids: { agent: roleSids.agent } }],
    [
      'with a secret that is not ASCII',
      { apiKey: { ...POLICY.apiKey, secret: 'sïgning-sécret-😀-of-the-tests' } },
    ],
  ])('%s', (_name, changes) => {
    const policy = { ...POLICY, ...changes };

    const own = createMinter(policy).mint(ADMITTED, 'member');
    const theirs = signedByTwilio(policy, ADMITTED, 'member');

    expectSameButForJti(own, theirs);
    expectSignedBy(policy.apiKey.secret, own);
    expectSignedBy(policy.apiKey.secret, theirs);
  });

  test('for a class with a name that every object has a member of', () => {
    const policy = { ...POLICY, roleSids };
    const own = createMinter(policy).mint(ADMITTED, 'constructor');
    expectSameButForJti(own, signedByTwilio({ ...POLICY, roleSids: {} }, ADMITTED, 'constructor'));
  });

  test('for any identity and life', () => {
    const minter = createMinter(POLICY);
    const admissions = fc.record({
      identity: fc.stringMatching(/^[A-Za-z0-9._~-]{1,256}$/),
      issuedAt: fc.integer({ min: 1_000_000_000, max: 4_000_000_000 }),
      life: fc.integer({ min: 60, max: 86_400 }),
      ordinal: fc.integer({ min: 1, max: 2 ** 40 }),
    });
    fc.assert(
      fc.property(admissions, ({ identity, issuedAt, life, ordinal }) => {
        const expiresAt = issuedAt + life;
        const admitted = { ...ADMITTED, identity: identity as Identity, issuedAt, expiresAt, ordinal };
        const own = minter.mint(admitted, 'member');
        expectSameButForJti(own, signedByTwilio(POLICY, admitted, 'member'));
        expectSignedBy(POLICY.apiKey.secret, own);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a minted token', () => {
  test('holds these claims and no others', () => {
    const { header, payload } = partsOf(createMinter(POLICY).mint(ADMITTED, 'member'));

    expect(JSON.parse(header)).toEqual({ alg: 'HS256', typ: 'JWT', cty: 'twilio-fpa;v=1' });
    expect(JSON.parse(payload)).toEqual({
      jti: `${POLICY.apiKey.sid}-${ISSUED_AT}-17`,
      grants: { identity: ADMITTED.identity, chat: { service_sid: POLICY.serviceSid } },
      iat: ISSUED_AT,
      exp: ISSUED_AT + 3600,
      iss: POLICY.apiKey.sid,
      sub: POLICY.accountSid,
    });
  });

  test('is the same bytes for the same admission, new, known or reused', () => {
    const token = createMinter(POLICY).mint(ADMITTED, 'member');
    for (const outcome of ['new', 'known', 'reuse'] as const) {
      expect(createMinter({ ...POLICY }).mint({ ...ADMITTED, outcome }, 'member')).toBe(token);
    }
  });

  test('takes its instants from the admission, not from a clock', () => {
    jest.setSystemTime(0);
    const { payload } = partsOf(createMinter(POLICY).mint(ADMITTED, 'member'));
    expect(JSON.parse(payload)).toMatchObject({ iat: ISSUED_AT, exp: ISSUED_AT + 3600 });
  });
});

describe('the jti', () => {
  test('is another one for every mint of all services that share a key', () => {
    const services = ['default', 'support', 'support-2', 'a'].map((name) =>
      createMinter({ ...POLICY, service: parseServiceName(name)! }),
    );
    const tokens = services.flatMap((minter) =>
      [0, 1, 11].flatMap((later) =>
        [1, 2, 11, 12, 112].map((ordinal) =>
          minter.mint({ ...ADMITTED, issuedAt: ISSUED_AT + later, ordinal }, 'member'),
        ),
      ),
    );
    expect(new Set(tokens.map(jtiOf)).size).toBe(tokens.length);
  });

  test('names the key, the second and the ordinal, from which it can be rebuilt', () => {
    const support = createMinter({ ...POLICY, service: parseServiceName('support')! });
    expect(jtiOf(createMinter(POLICY).mint(ADMITTED, 'member'))).toBe(`${POLICY.apiKey.sid}-${ISSUED_AT}-17`);
    expect(jtiOf(support.mint(ADMITTED, 'member'))).toBe(`${POLICY.apiKey.sid}-${ISSUED_AT}-17-support`);
  });
});

describe('the policy mark', () => {
  const markOf = (changes: Partial<TokenPolicy>, className = 'member') =>
    createMinter({ ...POLICY, ...changes }).policyMark(className);

  test('is 24 bits, and stays while the policy does', () => {
    for (let index = 0; index < 100; index++) {
      const mark = markOf({ ttlSeconds: 300 + index });
      expect(Number.isInteger(mark)).toBe(true);
      expect(mark).toBeGreaterThanOrEqual(0);
      expect(mark).toBeLessThan(2 ** 24);
      expect(markOf({ ttlSeconds: 300 + index })).toBe(mark);
    }
  });

  test.each<[string, Partial<TokenPolicy>]>([
    ['the account', { accountSid: `AC${'9'.repeat(32)}` }],
    ['the service', { serviceSid: `IS${'9'.repeat(32)}` }],
    ['the key', { apiKey: { ...POLICY.apiKey, sid: `SK${'9'.repeat(32)}` } }],
    ['its secret', { apiKey: { ...POLICY.apiKey, secret: 'another-secret' } }],
    ['the region', { region: 'au1' }],
    ['the push credential', { pushCredentialSid: `CR${'9'.repeat(32)}` }],
    ['the role', { roleSids: { member: `RL${'9'.repeat(32)}` } }],
    ['the life', { ttlSeconds: 3601 }],
  ])('is another one after a change of %s', (_name, changes) => {
    expect(markOf(changes)).not.toBe(markOf({}));
  });

  test('is another one for a class that gives another grant, and the same for one that does not', () => {
    const roleSids = { agent: `RL${'6'.repeat(32)}` };
    expect(markOf({ roleSids }, 'agent')).not.toBe(markOf({ roleSids }, 'member'));
    expect(markOf({ roleSids }, 'guest')).toBe(markOf({ roleSids }, 'member'));
    expect(markOf({}, 'agent')).toBe(markOf({}, 'member'));
  });
});
