import {
  ChatGateError,
  type Problem,
  type TokenContext,
  type TokenGrant,
  type TokenSource,
} from '../index.ts';

export interface FakeTokenSource extends TokenSource {
  /** Every request, in order. */
  readonly requests: readonly TokenContext[];
  /** Whom the next token is for. */
  identity: string;
  /** 3,600,000 unless told. */
  lifeMs: number;
  /** What must be added to this device's clock to have the server's, ms. */
  skewMs: number;
  /** What the next requests get instead of a token; the last one stays until it is taken away. */
  readonly answers: (ChatGateError | 'hang' | 'garbage')[];
  /** The problem that every request gets from now on; null ends it. */
  refuse(problem: Problem | null, status?: number): void;
}

/** Gives tokens that nobody signed. */
export function createFakeTokenSource(): FakeTokenSource {
  const requests: TokenContext[] = [];
  let refusal: ChatGateError | null = null;
  let minted = 0;

  const source: FakeTokenSource = {
    requests,
    identity: 'm_fake',
    lifeMs: 3_600_000,
    skewMs: 0,
    answers: [],
    refuse(problem, status = 403) {
      const resetsAt = Date.parse(String(problem?.['resetsAt'])) || undefined;
      const code = problem?.code === 'mau-budget-exhausted' ? 'budget_exhausted' : 'refused';
      refusal = problem && new ChatGateError(code, { status, problem, retryAt: resetsAt });
    },
    async fetch(context) {
      requests.push(context);
      if (refusal) throw refusal;
      const answer = source.answers.length > 1 ? source.answers.shift() : source.answers[0];
      if (answer === 'hang') return new Promise(() => {});
      if (answer === 'garbage') return { token: 42, identity: null } as unknown as TokenGrant;
      if (answer) throw answer;
      minted += 1;
      const serverTime = Date.now() + source.skewMs;
      const { identity, lifeMs } = source;
      const expiresAt = serverTime + lifeMs;
      const token = buildFakeToken(identity, expiresAt, minted);
      return { token, identity, expiresAt, serverTime, refreshAt: serverTime + lifeMs * 0.8 };
    },
  };
  return source;
}

/**
 * A token in the form of Twilio's, with a signature that is none.
 *
 * @param expiresAtMs ms since the epoch
 */
export function buildFakeToken(identity: string, expiresAtMs: number, ordinal = 1): string {
  const exp = Math.floor(expiresAtMs / 1000);
  const parts = [{ alg: 'none' }, { jti: `SK-${ordinal}`, grants: { identity, chat: {} }, exp }];
  return [...parts.map((part) => encode(JSON.stringify(part))), 'none'].join('.');
}

function encode(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
}
