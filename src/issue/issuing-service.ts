import type { ServiceName } from '../domain/service-name.ts';
import type { Minter } from './mint.ts';

/** A Conversations service that tokens are issued for. */
export interface IssuingService {
  name: ServiceName;
  serviceSid: string;
  region: string | null;
  ttlSeconds: number;
  minter: Minter;
  /** Handed to the frontend when a budget refuses, such as where to leave a message; null for nothing. */
  fallback: Readonly<Record<string, unknown>> | null;
}
