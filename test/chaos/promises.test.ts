import { describe, expect, test } from '@jest/globals';

const { judge } = await import(new URL('../../chaos/promises/judge.js', import.meta.url).href);
const { createHistory } = await import(new URL('../../chaos/run/history.js', import.meta.url).href);

// A small world that is as it should be, and the same with one thing wrong: a check that cannot fail proves nothing.

const MONTH = '2027-01';
const AT = Date.parse('2027-01-10T12:00:00Z');
const LATER = AT + 600_000;
const OWN = ['m_ada', 'm_grace'];

const people = { personOf: (n: number) => ({ identity: OWN[n], tenant: null }) };

function token(n: number, atMs: number, more: Record<string, unknown> = {}) {
  const [iat, exp] = [atMs / 1000, atMs / 1000 + 600];
  return {
    ...{ who: `p${n}`, token: `token ${n} ${atMs}`, identity: OWN[n], jti: `SK-${iat}-${n}`, iat, exp },
    ...{ outcome: 'minted', first: true, gateway: 0, incarnation: 1, sentMs: atMs, answeredMs: atMs + 10 },
    ...{ tookMs: 10, ...more },
  };
}

function row(n: number, atMs: number, more: Record<string, unknown> = {}) {
  const [at, expiresAt] = [atMs, atMs + 600_000].map((ms) => new Date(ms).toISOString());
  return { identity: OWN[n], subject: OWN[n], at, expiresAt, first: true, ...more };
}

function turned(more: Record<string, unknown>) {
  return {
    ...{ who: 'p0', identity: OWN[0], code: 'ledger-unavailable', body: null, counted: [MONTH] },
    ...{ servedHere: [MONTH], servedHereMs: AT + 10, gateway: 0, incarnation: 1 },
    ...{ sentMs: LATER, answeredMs: LATER + 5, tookMs: 5, ...more },
  };
}

function write(what: string, value: unknown, sentMs: number, more: Record<string, unknown> = {}) {
  const times = { sentMs, answeredMs: sentMs + 10 };
  return {
    write: what,
    value,
    outcome: 'done',
    requestId: `r${sentMs}`,
    gateway: 0,
    incarnation: 1,
    ...times,
    ...more,
  };
}

/** Ada and Grace have a token each, and Ada wrote a message. */
function world() {
  const history = createHistory();
  history.tokens.push(token(0, AT), token(1, LATER));
  history.evidence.push({
    ...{ identity: OWN[0], signals: ['messaged', 'connected'], atMs: AT, acknowledged: true },
    ...{
      sentMs: AT,
      answeredMs: AT + 5,
      inLedgerMs: AT + 60_000,
      gateway: 0,
      incarnation: 1,
      outlived: false,
    },
  });
  history.writes.push(
    write('budget', { limit: 2, mode: 'block', classes: { member: 2 }, tenants: {} }, AT - 1_000),
  );
  history.answers.token = { minted: 2 };
  const identity = (n: number, atMs: number, signals: string[]) => ({
    ...{ identity: OWN[n], class: 'member', firstSeen: new Date(atMs).toISOString(), mints: 1, signals },
  });
  const books = {
    months: [
      {
        month: MONTH,
        summary: {
          identities: {
            ...{ total: 2, byClass: { member: 2 } as Record<string, number> },
            bySignal: { minted: 2, messaged: 1, connected: 1, read: 0 } as Record<string, number>,
          },
          mints: { minted: 2 },
        },
        days: [{ day: '2027-01-10', new: { member: 2 }, minted: 2, cumulative: 2 }],
        identities: [identity(0, AT, ['minted', 'connected', 'messaged']), identity(1, LATER, ['minted'])],
        mints: [row(0, AT), row(1, LATER)],
      },
    ],
    alerts: [
      { id: '1', month: MONTH, budget: 'all', threshold: 50, state: 'firing' },
      { id: '2', month: MONTH, budget: 'all', threshold: 100, state: 'escalated' },
    ],
    audit: [{ requestId: `r${AT - 1_000}` }],
  };
  return { history, books, schedule: { limit: 5 }, people, losses: 'nothing' };
}

type World = ReturnType<typeof world>;
const brokenIn = (changed: World): string[] =>
  judge(changed).flatMap(({ promise, violations }: { promise: string; violations: string[] }) =>
    violations.length > 0 ? [promise] : [],
  );

test('a world that is as it should be breaks no promise', () => {
  expect(brokenIn(world())).toEqual([]);
});

const LIMIT_OF_ONE = { limit: 1, mode: 'block', classes: {}, tenants: {} };
const AWAY = { what: 'store', fault: 'kill', fromMs: LATER - 100, untilMs: LATER + 100 };

describe('is noticed', () => {
  test.each<[string, (there: World) => void, string]>([
    [
      'a token without a row',
      ({ history }) => history.tokens.push(token(0, AT + 5_000)),
      'no token without a row',
    ],
    [
      'two tokens for one row',
      ({ history }) => history.tokens.push(token(0, AT, { token: 'another', jti: 'SK-other' })),
      'no token without a row',
    ],
    [
      'a token whose holder is not counted',
      ({ books }) => books.months[0]!.identities.pop(),
      'no token without a row',
    ],
    [
      'an identity over the limit',
      ({ history }) => {
        history.writes[0].value = LIMIT_OF_ONE;
      },
      'no identity admitted over a blocking budget',
    ],
    [
      'an identity over the limit of its class',
      ({ history }) => {
        history.writes[0].value.classes = { member: 1 };
      },
      'no identity admitted over a blocking budget',
    ],
    [
      'evidence that is lost',
      ({ books }) => {
        books.months[0]!.identities[0]!.signals = ['minted', 'connected'];
      },
      'no evidence lost after its 2xx, none invented',
    ],
    [
      'evidence that nobody gave',
      ({ books }) => books.months[0]!.identities[1]!.signals.push('left'),
      'no evidence lost after its 2xx, none invented',
    ],
    [
      'somebody counted who is refused for the budget',
      ({ history }) =>
        history.turned.push(
          turned({ code: 'mau-budget-exhausted', body: { resetsAt: '2027-02-01T00:00:00Z' } }),
        ),
      'nobody counted is refused for budget or freeze',
    ],
    [
      'somebody known who is turned away in an outage',
      ({ history }) => history.turned.push(turned({})),
      'known people are served while the store is away',
    ],
    [
      'somebody whom nobody knows',
      ({ books }) =>
        books.months[0]!.identities.push({ ...books.months[0]!.identities[1]!, identity: 'm_eve' }),
      'the set is log and evidence, every total a recount',
    ],
    [
      'a total that drifted',
      ({ books }) => {
        books.months[0]!.summary.identities.bySignal['minted'] = 3;
      },
      'the set is log and evidence, every total a recount',
    ],
    [
      'days that do not add up',
      ({ books }) => {
        books.months[0]!.days[0]!.new.member = 1;
      },
      'the set is log and evidence, every total a recount',
    ],
    [
      'an alert twice',
      ({ books }) => books.alerts.push({ ...books.alerts[1]!, id: '3' }),
      'each threshold fires once',
    ],
    [
      'two tokens with one jti',
      ({ history }) => {
        history.tokens[1].jti = history.tokens[0].jti;
      },
      'no two tokens share a jti',
    ],
    [
      'somebody admitted during a freeze',
      ({ history, books }) => {
        history.writes.push(write('freeze', null, AT + 1_000));
        books.audit.push({ requestId: `r${AT + 1_000}` });
      },
      'freezes and blocks hold; each write is in the audit log once',
    ],
    [
      'somebody blocked who is served',
      ({ history, books }) => {
        history.writes.push(write('block', { identity: OWN[1] }, AT + 1_000));
        books.audit.push({ requestId: `r${AT + 1_000}` });
      },
      'freezes and blocks hold; each write is in the audit log once',
    ],
    [
      'a write that the audit log does not know',
      ({ books }) => books.audit.pop(),
      'freezes and blocks hold; each write is in the audit log once',
    ],
    [
      'somebody under another identity',
      ({ history }) => {
        history.tokens[1].identity = OWN[0];
      },
      'one person, one identity',
    ],
    [
      'an answer that is a defect',
      ({ history }) => {
        history.answers.token['status 500'] = 1;
      },
      'nothing but the answers that are documented',
    ],
    [
      'a gateway that ends by itself',
      ({ history }) =>
        history.notes.push({ what: 'gateway-ended', gateway: 0, code: 1, signal: null, said: [] }),
      'nothing but the answers that are documented',
    ],
  ])('%s', (_what, breaks, promise) => {
    const there = world();
    breaks(there);
    expect(brokenIn(there)).toContain(promise);
  });
});

describe('is not held against anybody', () => {
  test.each<[string, (there: World) => void]>([
    [
      'a limit that was changed without an answer',
      ({ history }) => {
        const doubtful = write('budget', { ...LIMIT_OF_ONE, limit: 2 }, AT - 400, { outcome: 'unknown' });
        history.writes[0].value = LIMIT_OF_ONE;
        history.writes.push(Object.assign(doubtful, { answeredMs: Number.POSITIVE_INFINITY }));
      },
    ],
    [
      'a raise',
      ({ history, books }) => {
        history.writes[0].value = LIMIT_OF_ONE;
        const raise = { budget: 'all', identities: 1, expiresMs: LATER + 60_000, id: 'raise_1' };
        history.writes.push(write('raise', raise, AT - 400));
        books.audit.push({ requestId: `r${AT - 400}` });
      },
    ],
    [
      'a block that another gateway was told of, while the store is away',
      ({ history, books }) => {
        history.writes.push(write('block', { identity: OWN[1] }, AT + 1_000, { gateway: 1 }));
        books.audit.push({ requestId: `r${AT + 1_000}` });
        history.notes.push(AWAY);
      },
    ],
    [
      'a twin that a journal named',
      ({ history }) => history.tokens.push(token(0, AT, { token: 'twin', jti: `SK-${AT / 1000}-jabc.1` })),
    ],
    ['a disk that is too slow', ({ history }) => history.turned.push(turned({ tookMs: 2_100 }))],
    ['somebody whom another process knew', ({ history }) => history.turned.push(turned({ servedHere: [] }))],
    [
      'a threshold that was left in between',
      ({ books }) =>
        books.alerts.push(
          { id: '3', month: MONTH, budget: 'all', threshold: 100, state: 'recovered' },
          { id: '4', month: MONTH, budget: 'all', threshold: 100, state: 'escalated' },
        ),
    ],
    [
      'a gateway that does not start without its store',
      ({ history }) =>
        history.notes.push({ what: 'gateway-ended', gateway: 0, code: 2, signal: null, said: [] }),
    ],
  ])('%s', (_what, changes) => {
    const there = world();
    changes(there);
    expect(brokenIn(there)).toEqual([]);
  });
});

describe('a store that forgets what it acknowledged', () => {
  const RESTED = LATER + 60_000;
  /** Of the verdicts: which promises are broken, and judged. */
  const failedIn = (there: World): string[] =>
    judge(there).flatMap(
      ({ promise, judged, violations }: { promise: string; judged: boolean; violations: string[] }) =>
        judged && violations.length > 0 ? [promise] : [],
    );
  const loseToken = ({ history }: World, atMs: number) => history.tokens.push(token(0, atMs));
  const loseEvidence = ({ history, books }: World, atMs: number) => {
    Object.assign(history.evidence[0], { answeredMs: atMs, inLedgerMs: RESTED });
    books.months[0]!.identities[0]!.signals = ['minted'];
    Object.assign(books.months[0]!.summary.identities.bySignal, { messaged: 0, connected: 0 });
  };
  const EXPLAINED = 'a failover forgets only what was acknowledged while it went on, or just before';

  test.each([
    ['a token', loseToken],
    ['evidence', loseEvidence],
  ])('%s around a fault: measured, not judged', (_what, lose) => {
    for (const atMs of [AWAY.fromMs - 500, AWAY.fromMs + 50]) {
      const there = { ...world(), losses: 'anything' };
      there.history.notes.push(AWAY);
      lose(there, atMs);
      expect(brokenIn(there)).not.toEqual([]);
      expect(failedIn(there)).toEqual([]);
    }
  });

  test.each([
    ['a token', loseToken],
    ['evidence', loseEvidence],
  ])('%s when nothing was wrong: judged', (_what, lose) => {
    for (const atMs of [AWAY.fromMs - 5_000, AWAY.untilMs + 5_000]) {
      const there = { ...world(), losses: 'anything' };
      there.history.notes.push(AWAY);
      lose(there, atMs);
      expect(failedIn(there)).toEqual([EXPLAINED]);
    }
  });

  test.each<[string, (there: World, atMs: number) => unknown, string]>([
    ['a token', loseToken, 'no token without a row'],
    ['evidence', loseEvidence, 'no evidence lost after its 2xx, none invented'],
    [
      'somebody counted',
      ({ history }) =>
        history.turned.push(
          turned({ code: 'mau-budget-exhausted', body: { resetsAt: '2027-02-01T00:00:00Z' } }),
        ),
      'nobody counted is refused for budget or freeze',
    ],
    [
      'a write of an operator',
      ({ books }) => books.audit.pop(),
      'freezes and blocks hold; each write is in the audit log once',
    ],
  ])('%s, although all replicas were waited for: judged', (_what, lose, promise) => {
    const there = { ...world(), losses: 'unacknowledged' };
    there.history.notes.push(AWAY);
    lose(there, AWAY.fromMs + 50);
    expect(failedIn(there)).toContain(promise);
  });

  test('evidence whose gateway still lives, without waiting for replicas: judged', () => {
    const there = { ...world(), losses: 'anything' };
    there.history.notes.push(AWAY);
    there.history.evidence[0].outlived = true;
    loseEvidence(there, AWAY.fromMs + 50);
    expect(failedIn(there)).toEqual(['evidence outlives a failover as long as the gateway that took it']);
  });

  test('a month with more mints than rows, when all replicas were waited for: measured, not judged', () => {
    const there = { ...world(), losses: 'unacknowledged' };
    there.books.months[0]!.summary.mints.minted = 3;
    expect(brokenIn(there)).toEqual(['the set is log and evidence, every total a recount']);
    expect(failedIn(there)).toEqual([]);
  });
});
