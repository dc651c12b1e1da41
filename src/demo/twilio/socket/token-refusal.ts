/** Why a client is not let in, as the SDK is told: 401 and 403 are final, and only 20104 counts as expired. */
export interface TokenRefusal {
  status: 401 | 403;
  code: TokenRefusalCode;
  description: string;
}

export type TokenRefusalCode = 20101 | 20103 | 20104 | 20105 | 20106 | 20107 | 20157 | 51007;

/** In the words of https://www.twilio.com/docs/api/errors, shortened. Which status goes with 51007 is a guess. */
const REFUSALS: Readonly<Record<TokenRefusalCode, Omit<TokenRefusal, 'code'>>> = {
  20101: { status: 401, description: 'Invalid Access Token' },
  20103: { status: 401, description: 'Invalid Access Token issuer/subject' },
  20104: { status: 401, description: 'Access Token expired or expiration date invalid' },
  20105: { status: 401, description: 'Access Token not yet valid' },
  20106: { status: 401, description: 'Invalid Access Token grants' },
  20107: { status: 401, description: 'Invalid Access Token signature' },
  20157: { status: 401, description: 'Expiration time in the Access Token exceeds the maximum' },
  51007: { status: 403, description: 'Token is invalid: no chat grant, service or identity that fits' },
};

export function tokenRefusal(code: TokenRefusalCode): TokenRefusal {
  return { code, ...REFUSALS[code] };
}
