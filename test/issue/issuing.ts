import type { Caller } from '../../src/domain/caller.ts';
import type { Limiter } from '../../src/domain/limiter.ts';
import { type Refusal, refused } from '../../src/domain/refusal.ts';
import { DEFAULT_SERVICE, parseServiceName, type ServiceName } from '../../src/domain/service-name.ts';
import { createIssueToken, type IssueTokenParts } from '../../src/issue/issue-token.ts';
import type { IssuingService } from '../../src/issue/issuing-service.ts';
import { createMinter } from '../../src/issue/mint.ts';
import type { Credentials, DecisionEvent } from '../../src/issue/ports.ts';
import { createIdentityResolver } from '../../src/issue/resolve-identity.ts';
import type {
  IssuedToken,
  IssueToken,
  TokenRequest,
  TokenRequestBody,
} from '../../src/issue/token-request.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { type SettableClock, settableClock } from '../support/clock.ts';

export const NOW = Date.parse('2026-11-20T21:00:00.123Z');
export const SUPPORT = parseServiceName('support') as ServiceName;
export const SIGNING_SECRET = 'signing-secret-of-the-tests';
export const IDENTITY_SECRET = 'identity-secret-of-the-tests-0001';
export const ISSUER = 'https://login.example.com/';

export const POLICY: Policy = {
  intents: { open_chat: 'allow', notification: 'needs-reason', page_load: 'deny', refresh: 'known-only' },
  shadow: [],
  requireOrigin: false,
  crawlers: true,
  monthTurnQuietSeconds: 900,
};

/** Steps of the issuing path, in the order in which they were taken, as a request meets them. */
export type Step =
  | 'clock'
  | 'authenticate'
  | 'resolve'
  | 'limit'
  | 'decide'
  | 'admit'
  | 'count-refusal'
  | 'count-shadow'
  | 'standing'
  | 'preview'
  | 'links-of'
  | 'unread'
  | 'identity-file'
  | 'mint';

export interface Issuing {
  issueToken: IssueToken;
  /** Asks as a person, `open_chat` in the service `default` unless told. */
  ask(
    subject: string,
    body?: Partial<TokenRequestBody>,
    more?: Partial<TokenRequest>,
  ): Promise<IssuedToken | Refusal>;
  /** The same, for an answer that must be a token. */
  token(subject: string, body?: Partial<TokenRequestBody>): Promise<IssuedToken>;
  ledger: Ledger;
  clock: SettableClock;
  steps: Step[];
  events: DecisionEvent[];
  failures: unknown[];
  close(): Promise<void>;
}

export interface IssuingOptions {
  /** Replaces parts; what they call is still noted. */
  parts?: (parts: IssueTokenParts) => Partial<IssueTokenParts>;
  ledger?: Ledger;
  clock?: SettableClock;
  ttlSeconds?: number;
  strategy?: 'opaque' | 'claim';
  policy?: Partial<Policy>;
}

const OPEN_DOOR = { allowed: true, limit: 60, windowSeconds: 60, retryAfterSeconds: 60 };

/** The whole issuing path over a ledger in memory: only the credentials are simple, `Bearer <subject>`. */
export function startIssuing(options: IssuingOptions = {}): Issuing {
  const ledger = options.ledger ?? openSqliteLedger({ path: ':memory:' });
  const clock = options.clock ?? settableClock(NOW);
  const steps: Step[] = [];
  const events: DecisionEvent[] = [];
  const failures: unknown[] = [];
  const resolveIdentity = createIdentityResolver({
    strategy: options.strategy ?? 'opaque',
    secret: IDENTITY_SECRET,
    foldCase: false,
    prefixes: { member: 'm_', guest: 'g_', agent: 'a_', test: 't_' },
    pools: { test: 3 },
    rememberedMax: 100,
  });
  const plain: IssueTokenParts = {
    clock,
    services: new Map(
      [DEFAULT_SERVICE, SUPPORT].map((name) => [name, buildService(name, options.ttlSeconds ?? 3600)]),
    ),
    authenticator: { authenticate: ({ authorization }) => readCaller(authorization) },
    limiter: { take: () => OPEN_DOOR },
    resolveIdentity,
    perMinute: {},
    policy: { ...POLICY, ...options.policy },
    ledger,
    reasonSource: null,
    humanCheck: null,
    guestAdoption: null,
    onDecision(event, failure) {
      events.push({ ...event });
      failures.push(failure);
    },
  };
  const issueToken = createIssueToken(noting(steps, { ...plain, ...options.parts?.(plain) }));
  const ask = (
    subject: string,
    body: Partial<TokenRequestBody> = {},
    more: Partial<TokenRequest> = {},
  ): Promise<IssuedToken | Refusal> =>
    issueToken({
      requestId: 'request-1',
      credentials: credentialsOf(subject),
      body: { intent: 'open_chat', ...body },
      ...more,
    });
  return {
    issueToken,
    ask,
    async token(subject, body) {
      const answer = await ask(subject, body);
      if (answer.outcome === 'refused') throw new Error(`${answer.code}: ${answer.detail}`);
      return answer;
    },
    ledger,
    clock,
    steps,
    events,
    failures,
    close: () => ledger.close(),
  };
}

export function credentialsOf(subject: string): Credentials {
  const rest = { apiKey: undefined, subject: undefined, cookie: undefined, originTrusted: false };
  return { authorization: `Bearer ${subject}`, ...rest };
}

const callers = new Map<string, Caller>();

function readCaller(authorization: string | undefined): Caller | Refusal {
  const subject = authorization?.replace(/^Bearer /, '') ?? '';
  if (subject.startsWith('nobody')) {
    return refused('unauthenticated', {
      detail: 'The signature of the token is wrong.',
      reason: 'bad-signature',
    });
  }
  const known = callers.get(subject);
  if (known !== undefined) return known;
  const className = ['agent', 'guest', 'test'].find((name) => subject.startsWith(name)) ?? 'member';
  const names = { display: `The display name of ${subject}`, tenant: 'acme' };
  const via = (['guest', 'backend'] as const).find((way) => subject.startsWith(way)) ?? 'bearer';
  const caller: Caller = { issuer: ISSUER, subject, className, ...names, via };
  callers.set(subject, caller);
  return caller;
}

function buildService(name: ServiceName, ttlSeconds: number): IssuingService {
  const sids = { accountSid: `AC${'1'.repeat(32)}`, serviceSid: `IS${'3'.repeat(32)}` };
  const minter = createMinter({
    service: name,
    ...sids,
    apiKey: { sid: `SK${'2'.repeat(32)}`, secret: SIGNING_SECRET },
    region: 'ie1',
    pushCredentialSid: null,
    roleSids: { agent: `RL${'4'.repeat(32)}` },
    ttlSeconds,
  });
  return { name, serviceSid: sids.serviceSid, region: 'ie1', ttlSeconds, minter, fallback: null };
}

/** The same parts, telling when they are used. */
function noting(steps: Step[], parts: IssueTokenParts): IssueTokenParts {
  const { clock, services, authenticator, limiter, resolveIdentity, policy, ledger } = parts;
  const note = <Arguments extends unknown[], Result>(step: Step, call: (...args: Arguments) => Result) => {
    return (...args: Arguments): Result => {
      steps.push(step);
      return call(...args);
    };
  };
  return {
    ...parts,
    clock: { now: note('clock', () => clock.now()) },
    services: new Map(
      [...services].map(([name, service]) => [
        name,
        {
          ...service,
          minter: {
            mint: note('mint', (admitted, className) => service.minter.mint(admitted, className)),
            policyMark: (className) => service.minter.policyMark(className),
          },
        },
      ]),
    ),
    authenticator: {
      authenticate: note('authenticate', (credentials, nowMs) =>
        authenticator.authenticate(credentials, nowMs),
      ),
    },
    limiter: {
      take: note('limit', (person, perMinute) => limiter.take(person, perMinute)),
    } satisfies Limiter,
    resolveIdentity: note('resolve', resolveIdentity),
    policy: {
      ...policy,
      get intents() {
        // The rules look at the intents several times.
        if (steps.at(-1) !== 'decide') steps.push('decide');
        return policy.intents;
      },
    },
    ledger: {
      admit: note('admit', (request) => ledger.admit(request)),
      standing: note('standing', (request) => ledger.standing(request)),
      preview: note('preview', (request) => ledger.preview(request)),
      unread: note('unread', (service, identity) => ledger.unread(service, identity)),
      identityFile: note('identity-file', (service, identity) => ledger.identityFile(service, identity)),
      linksOf: note('links-of', (service, own) => ledger.linksOf(service, own)),
      countShadow: note('count-shadow', (service, rule, at) => ledger.countShadow(service, rule, at)),
      withdrawRefusal: note('count-refusal', (...refusal) => ledger.withdrawRefusal(...refusal)),
      countRefusal: note('count-refusal', (...refusal) => ledger.countRefusal(...refusal)),
    },
  };
}
