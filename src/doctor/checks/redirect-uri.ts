import { causeOf } from '../cause-of.ts';
import { error, type Finding, ok, skip, warn } from '../finding.ts';
import type { OperatorSignIn } from '../ports.ts';

/** Below the limit of a check. */
const PATIENCE_MS = 4_500;

/** What a provider says to somebody who is not signed in there: all else was right. */
const NOBODY_SIGNED_IN = new Set([
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
]);

/**
 * Whether the provider leads operators back here. It is asked as a browser would be, but without showing anything
 * (`prompt=none`), so that it has to answer at the redirect URI (OpenID Connect Core 1.0, section 3.1.2.1).
 */
export async function checkRedirectUri(
  { redirectUri, addressOf }: OperatorSignIn,
  fetch: typeof globalThis.fetch,
): Promise<Finding> {
  if (redirectUri === null) {
    return warn({
      detail: 'PUBLIC_URL is not set',
      why: 'Operators are led back to this machine’s own loopback address, so only somebody who sits at it can sign in.',
      fix: 'Set PUBLIC_URL, and name PUBLIC_URL/ops/login/callback as redirect URI at the provider.',
    });
  }
  const why = 'Operators cannot sign in to the dashboard there; ops keys work all the same.';
  const fix = `Name ${redirectUri} as redirect URI of OPS_OIDC_CLIENT_ID at the provider, exactly so; a slash, http for https or another host is another one.`;
  let answer: Response;
  try {
    const address = new URL(await addressOf(redirectUri));
    address.searchParams.set('prompt', 'none');
    answer = await fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
    await answer.body?.cancel();
  } catch (thrown) {
    return skip(`the provider does not answer: ${causeOf(thrown).message}`);
  }
  const { status } = answer;
  const fault = readFault(answer.headers.get('location'), redirectUri);
  if (fault !== null) {
    return NOBODY_SIGNED_IN.has(fault)
      ? ok(`the provider leads back to ${redirectUri}`)
      : error({ detail: `the provider leads back with ${fault}`, why, fix: LED_BACK_FIX });
  }
  if (status >= 500) return skip(`the provider answers ${status}`);
  if (status >= 400) {
    return error({ detail: `the provider refuses the sign-in (${status})`, why, fix });
  }
  return warn({
    detail: `the provider answers ${status} in place of leading back to ${redirectUri}`,
    why: 'Providers that do not know a redirect URI answer so. Others do it too: sign in once to be sure.',
    fix,
  });
}

const LED_BACK_FIX =
  'Look up that code at the provider: the client must be allowed the authorization code flow with PKCE (S256), and the scopes under ops.oidc.scopes.';

/** The error that the provider leads back with; null when it leads elsewhere or nowhere. */
function readFault(location: string | null, redirectUri: string): string | null {
  if (location === null || !URL.canParse(location)) return null;
  const back = new URL(location);
  if (`${back.origin}${back.pathname}` !== redirectUri) return null;
  const fault = back.searchParams.get('error') ?? '';
  // Others may have written it.
  return /^[a-z_]{1,64}$/.test(fault) ? fault : 'something else than an error code';
}
