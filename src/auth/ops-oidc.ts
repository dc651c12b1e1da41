import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientError,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { GatewayError } from '../domain/gateway-error.ts';
import type { Operator, OperatorRole } from './operator-keys.ts';
import { nameOperator } from './operator-name.ts';
import { isPlainObject } from './plain-object.ts';
import { readClaim } from './read-claim.ts';

export interface OpsOidcOptions {
  issuer: string;
  clientId: string;
  /** Null: a public client, by PKCE alone. */
  clientSecret: string | null;
  /** Claim that names the operator in the audit log; `sub` where it is absent, empty or no text. */
  nameClaim: string;
  /** Claim that gives the role: a text, or a list of texts. A dotted name reads a nested claim. */
  roleClaim: string;
  /** Values of that claim by the role they give; the highest role found is taken. */
  roles: Readonly<Record<OperatorRole, readonly string[]>>;
  scopes: readonly string[];
  /** Deadline of one call to the issuer, ms. */
  timeoutMs: number;
}

/** What a browser keeps between leaving for the provider and coming back. */
interface Attempt {
  state: string;
  nonce: string;
  verifier: string;
  redirectUri: string;
}

type Answer =
  | { outcome: 'signed-in'; operator: Operator }
  | { outcome: 'rejected' | 'no-role'; reason: string };

const FROM_HIGHEST: readonly OperatorRole[] = ['admin', 'finance', 'viewer'];

/**
 * Sign-in of operators at an OpenID provider: authorization code with PKCE, `state` and `nonce`. openid-client checks the
 * claims of the ID token; its signature need not be checked, since it comes from the provider itself over TLS (OpenID
 * Connect Core, 3.1.3.7). The provider is looked up at the first sign-in, and again after a failure.
 */
export function createOpsOidc(options: OpsOidcOptions) {
  let found: Promise<Configuration> | null = null;

  function configuration(): Promise<Configuration> {
    const { issuer, clientId, clientSecret, timeoutMs } = options;
    const execute = issuer.startsWith('http://') ? [allowInsecureRequests] : [];
    const terms = { execute, timeout: timeoutMs / 1000 };
    found ??= discovery(new URL(issuer), clientId, clientSecret ?? undefined, undefined, terms)
      .then(requireSignIn)
      .catch((error: unknown) => {
        found = null;
        throw unavailable(error);
      });
    return found;
  }

  return {
    label: `Sign in with ${new URL(options.issuer).host}`,

    async begin(redirectUri: string): Promise<{ url: string; attempt: string }> {
      const provider = await configuration();
      const attempt: Attempt = {
        ...{ state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() },
        redirectUri,
      };
      const url = buildAuthorizationUrl(provider, {
        ...{ redirect_uri: redirectUri, scope: options.scopes.join(' ') },
        ...{ state: attempt.state, nonce: attempt.nonce },
        code_challenge: await calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, attempt: Buffer.from(JSON.stringify(attempt)).toString('base64url') };
    },

    async finish(callback: URL, attemptText: string): Promise<Answer> {
      const attempt = parseAttempt(attemptText);
      if (attempt === null) return { outcome: 'rejected', reason: 'no attempt of this browser' };
      const provider = await configuration();
      // The address that the attempt began with is the one that the provider knows.
      const address = new URL(attempt.redirectUri);
      address.search = callback.search;
      const checks = {
        ...{ expectedState: attempt.state, expectedNonce: attempt.nonce },
        ...{ pkceCodeVerifier: attempt.verifier, idTokenExpected: true },
      };
      try {
        const tokens = await authorizationCodeGrant(provider, address, checks);
        return operatorOf(tokens.claims() ?? {}, options);
      } catch (error) {
        if (isOutage(error)) throw unavailable(error);
        return { outcome: 'rejected', reason: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

/** The library asks for an address of sign-in only when somebody is sent there, and takes any. */
function requireSignIn(provider: Configuration): Configuration {
  const { protocol } = buildAuthorizationUrl(provider, {});
  if (protocol !== 'https:' && protocol !== 'http:') throw new TypeError('the sign-in is at no web address');
  return provider;
}

function operatorOf(claims: Record<string, unknown>, options: OpsOidcOptions): Answer {
  const values = [readClaim(claims, options.roleClaim)].flat();
  const role = FROM_HIGHEST.find((one) => options.roles[one].some((value) => values.includes(value)));
  if (role === undefined) return { outcome: 'no-role', reason: `no known value in ${options.roleClaim}` };
  const name = nameOperator(readClaim(claims, options.nameClaim), claims['sub']);
  return { outcome: 'signed-in', operator: Object.freeze({ name, role }) };
}

function parseAttempt(text: string): Attempt | null {
  try {
    const body: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (!isPlainObject(body)) return null;
    const { state, nonce, verifier, redirectUri } = body;
    const texts = [state, nonce, verifier, redirectUri];
    if (!texts.every((one) => typeof one === 'string' && one !== '')) return null;
    return URL.canParse(String(redirectUri)) ? (body as unknown as Attempt) : null;
  } catch {
    return null;
  }
}

/** No answer, or none that could be read as one of a provider: the person did nothing wrong. */
function isOutage(error: unknown): boolean {
  if (error instanceof TypeError || (error as Error).name === 'TimeoutError') return true;
  return (
    error instanceof ClientError && /TIMEOUT|RESPONSE_IS_NOT_CONFORM|HTTP_REQUEST/.test(String(error.code))
  );
}

function unavailable(error: unknown): GatewayError {
  return new GatewayError('identity-provider-unavailable', `operator sign-in: ${String(error)}`, {
    cause: error,
    retryAfterSeconds: 5,
  });
}
