import { ChatGateError } from './error.ts';
import type { TokenGrant } from './grant.ts';

interface Claims {
  readonly exp: number;
  readonly grants: { readonly identity: string };
}

/**
 * What a Twilio access token says of itself. Nothing is verified, that is for Twilio to do; and it says nothing of the
 * server's clock.
 *
 * @throws ChatGateError `token_invalid`
 */
export function readToken(token: string): TokenGrant {
  try {
    const payload = (token.split('.')[1] as string).replace(/-/g, '+').replace(/_/g, '/');
    const bytes = Uint8Array.from(atob(payload), (each) => each.charCodeAt(0));
    const { exp, grants } = JSON.parse(new TextDecoder().decode(bytes)) as Claims;
    return { token, identity: grants.identity, expiresAt: exp * 1000 };
  } catch (cause) {
    throw new ChatGateError('token_invalid', { cause });
  }
}
