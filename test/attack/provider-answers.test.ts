import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createAuthenticator } from '../../src/auth/create-authenticator.ts';
import { createHumanCheck } from '../../src/auth/human-check.ts';
import type { AuthenticatorOptions, IssuerOptions } from '../../src/auth/options.ts';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import type { Credentials } from '../../src/issue/ports.ts';
import {
  AUDIENCE,
  authenticatorOptions,
  bearer,
  createSigner,
  issuerOptions,
  NO_CREDENTIALS,
  NOW_MS,
  NOW_SECONDS,
  type Signer,
} from '../auth/token-kit.ts';
import { type GivenAnswer, hostileAnswer, hostileMember, toResponse } from './hostile-answers.ts';

// What identity providers and apps answer when they are asked about a login: a caller by their clear word, a refusal, or
// the one failure that says who is away. Never another exception, and never a caller whom they did not name.

const ISSUER = 'https://login.example';
const RUNS = { numRuns: 400 };

let signer: Signer;
let stranger: Signer;
beforeAll(async () => {
  signer = await createSigner('first');
  stranger = await createSigner('first');
});

type Outcome = 'caller' | 'refused' | 'away';

/** How somebody is answered whose provider answers so, call by call, the last one again and again. */
async function outcomeOf(
  answers: readonly GivenAnswer[],
  options: Partial<AuthenticatorOptions>,
  credentials: Credentials,
): Promise<Outcome> {
  let asked = 0;
  const fetch = async () => {
    const answer = answers[Math.min(asked, answers.length - 1)]!;
    asked += 1;
    return toResponse(answer);
  };
  const authenticator = createAuthenticator(authenticatorOptions({ fetch, ...options }));
  try {
    const answer = await authenticator.authenticate(credentials, NOW_MS);
    if (!('outcome' in answer)) {
      expect(answer).toMatchObject({ issuer: ISSUER, subject: expect.any(String) });
      expect(answer.subject).not.toBe('');
      return 'caller';
    }
    expect(answer).toMatchObject({ outcome: 'refused', detail: expect.any(String) });
    return 'refused';
  } catch (error) {
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ code: 'identity-provider-unavailable' });
    return 'away';
  }
}

describe('a key set', () => {
  const issuers = (changes: Partial<IssuerOptions> = {}) => ({ issuers: [issuerOptions(ISSUER, changes)] });

  /** The real key, with any member another one, among keys of any kind. */
  const keySet = fc
    .tuple(
      fc.dictionary(
        fc.constantFrom('kty', 'n', 'e', 'alg', 'use', 'kid', 'key_ops', 'x5c', 'ext'),
        hostileMember,
        {
          maxKeys: 3,
        },
      ),
      fc.array(
        fc.dictionary(
          fc.constantFrom('kty', 'n', 'e', 'crv', 'x', 'y', 'k', 'alg', 'use', 'kid'),
          hostileMember,
          {
            maxKeys: 6,
          },
        ),
        { maxLength: 4 },
      ),
      fc.boolean(),
    )
    .map(([changes, others, isFirst]) => ({ changes, others, isFirst }));

  test('that is the real one lets its people in, and nobody else', async () => {
    const answer = { status: 200, text: JSON.stringify({ keys: [signer.publicJwk] }) };
    expect(await outcomeOf([answer], issuers(), bearer(await signer.sign(ISSUER)))).toBe('caller');
    expect(await outcomeOf([answer], issuers(), bearer(await stranger.sign(ISSUER)))).toBe('refused');
  });

  test('with spoilt keys verifies, refuses or is away, and lets no stranger in', async () => {
    const tokens = [await signer.sign(ISSUER), await stranger.sign(ISSUER)];
    await fc.assert(
      fc.asyncProperty(keySet, async ({ changes, others, isFirst }) => {
        const own = { ...signer.publicJwk, ...changes };
        const text = JSON.stringify({ keys: isFirst ? [own, ...others] : [...others, own] });
        const answer = { status: 200, text };
        await outcomeOf([answer], issuers(), bearer(tokens[0]!));
        expect(await outcomeOf([answer], issuers(), bearer(tokens[1]!))).not.toBe('caller');
      }),
      RUNS,
    );
  });

  test('or a discovery document that is anything at all lets nobody in', async () => {
    const token = await signer.sign(ISSUER);
    const members = ['issuer', 'jwks_uri', 'keys', 'kty', 'kid', 'n', 'e'];
    const document = fc
      .dictionary(fc.constantFrom('issuer', 'jwks_uri', 'keys'), hostileMember, { maxKeys: 3 })
      .map((changes) => ({ issuer: ISSUER, jwks_uri: `${ISSUER}/keys`, ...changes }))
      .map((value) => ({ status: 200, text: JSON.stringify(value) }));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(document, hostileAnswer(members)),
        hostileAnswer(members),
        async (first, second) => {
          const answers = [first, second];
          const options = issuers({ jwksUrl: null });
          expect(await outcomeOf(answers, options, bearer(token))).not.toBe('caller');
        },
      ),
      RUNS,
    );
  });
});

test('an introspection says active, or nobody comes in', async () => {
  const introspection = { url: `${ISSUER}/introspect`, clientId: 'chat', clientSecret: 'secret' };
  const options = { issuers: [issuerOptions(ISSUER, { introspection })] };
  const good = { active: true, sub: 'ada', aud: AUDIENCE, exp: NOW_SECONDS + 900 };
  const members = ['active', 'sub', 'aud', 'iss', 'exp', 'nbf', 'client_id', 'role', 'org', 'name'];
  const near = fc
    .dictionary(fc.constantFrom(...members), hostileMember, { maxKeys: 4 })
    .map((changes) => ({ status: 200, text: JSON.stringify({ ...good, ...changes }) }));
  await fc.assert(
    fc.asyncProperty(fc.oneof(near, hostileAnswer(members)), async (answer) => {
      const outcome = await outcomeOf([answer], options, bearer('opaque-token'));
      if (outcome !== 'caller') return;
      const body = JSON.parse(answer.text);
      expect(body.active).toBe(true);
      expect([body.aud, body.client_id].flat()).toContain(AUDIENCE);
      expect(body.exp === undefined || body.exp > NOW_SECONDS - 6).toBe(true);
    }),
    RUNS,
  );
});

test('a session names somebody, or nobody comes in', async () => {
  const session = {
    ...{ url: 'https://app.example/session', cookieName: 'app.sid', issuer: ISSUER },
    ...{ claims: { person: 'user.id', class: 'role', tenant: 'user.team', display: 'user.name' } },
    ...{ cacheSeconds: 10, timeoutMs: 300 },
  };
  const members = ['user', 'id', 'user.id', 'role', 'active', 'team', 'name', 'user.team'];
  const near = fc
    .tuple(
      fc.dictionary(fc.constantFrom('id', 'team', 'name'), hostileMember),
      fc.dictionary(fc.constantFrom('role', 'active', 'user.id', 'user'), hostileMember, { maxKeys: 2 }),
    )
    .map(([user, rest]) => ({
      status: 200,
      text: JSON.stringify({ user: { id: 'ada', ...user }, ...rest }),
    }));
  const credentials = { ...NO_CREDENTIALS, cookie: 'app.sid=s1' };
  await fc.assert(
    fc.asyncProperty(fc.oneof(near, hostileAnswer(members)), async (answer) => {
      const outcome = await outcomeOf([answer], { session }, credentials);
      if (outcome === 'caller') expect(JSON.parse(answer.text).active).not.toBe(false);
    }),
    RUNS,
  );
});

test('a human is one by the clear word of the provider alone', async () => {
  const members = ['success', 'error-codes', 'hostname', 'challenge_ts'];
  await fc.assert(
    fc.asyncProperty(hostileAnswer(members), async (answer) => {
      const check = createHumanCheck(
        {
          ...{ verifyUrl: 'https://human.example/verify', secret: 's', siteKey: 'k', provider: 'turnstile' },
          timeoutMs: 300,
        },
        async () => toResponse(answer),
      );
      const passed = await check.verify('proof', undefined).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'identity-provider-unavailable' });
        return 'away';
      });
      expect(passed === true).toBe(answer.status === 200 && isSuccess(answer.text));
    }),
    RUNS,
  );
});

function isSuccess(text: string): boolean {
  try {
    return (JSON.parse(text) as { success?: unknown } | null)?.success === true;
  } catch {
    return false;
  }
}
