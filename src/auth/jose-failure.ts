import { errors } from 'jose';
import type { AuthenticationFailure } from '../domain/refusal.ts';

/** Why jose did not accept a token, or null when the fault is not the token's. */
export function readJoseFailure(error: unknown, critical: boolean): AuthenticationFailure | null {
  if (!(error instanceof errors.JOSEError)) return null;
  switch (error.code) {
    case 'ERR_JWT_EXPIRED':
      return 'expired';
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
      return 'bad-signature';
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
      return 'algorithm';
    case 'ERR_JOSE_NOT_SUPPORTED':
      // jose answers so for an unknown critical extension and for an unknown algorithm alike.
      return critical ? 'malformed' : 'algorithm';
    case 'ERR_JWT_CLAIM_VALIDATION_FAILED':
      return readClaimFailure(error as errors.JWTClaimValidationFailed);
    case 'ERR_JWS_INVALID':
    case 'ERR_JWT_INVALID':
      return 'malformed';
    default:
      return null;
  }
}

function readClaimFailure({ claim, reason }: errors.JWTClaimValidationFailed): AuthenticationFailure {
  if (claim === 'aud') return 'audience';
  if (claim === 'iss') return 'unknown-issuer';
  return claim === 'nbf' && reason === 'check_failed' ? 'not-yet-valid' : 'claims';
}
