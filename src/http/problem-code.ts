import type { FailureCode } from '../domain/gateway-error.ts';
import type { RefusalCode } from '../domain/refusal.ts';

/** Codes of refusals that only HTTP knows. */
export type HttpRefusalCode =
  | 'method-not-allowed'
  | 'not-acceptable'
  | 'conflict'
  | 'precondition-failed'
  | 'payload-too-large'
  | 'unsupported-media-type';

/** Every code that an answer of the gateway can carry. */
export type ProblemCode = RefusalCode | FailureCode | HttpRefusalCode;
