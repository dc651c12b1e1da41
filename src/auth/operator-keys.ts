import { readAuthorization } from './authorization.ts';
import { createKeyTable } from './key-table.ts';

export type OperatorRole = 'viewer' | 'finance' | 'admin';

export interface OperatorKeyOptions {
  name: string;
  role: OperatorRole;
  /** SHA-256 of the key, lower-case hex. */
  sha256: string;
}

/** Who operates the gateway; the name goes into the audit log. */
export interface Operator {
  name: string;
  role: OperatorRole;
}

/** Says whose ops key an `Authorization: Bearer` header holds; null for none and for an unknown one. */
export type OperatorAuthenticator = (authorization: string | undefined) => Operator | null;

export function createOperatorAuthenticator(keys: readonly OperatorKeyOptions[]): OperatorAuthenticator {
  const findOperator = createKeyTable(
    keys.map(({ name, role, sha256 }) => ({ sha256, holder: Object.freeze({ name, role }) })),
  );
  return (authorization) => {
    const key = readAuthorization(authorization, 'Bearer');
    return key === undefined || key === '' ? null : findOperator(key);
  };
}
