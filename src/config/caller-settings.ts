export type Algorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA' | 'HS256';

export interface IssuerSettings {
  issuer: string;
  audience: string[];
  /** Null: OIDC discovery at the issuer. */
  jwksUrl: string | null;
  algorithms: Algorithm[];
  /** Only for HS256. */
  secret: string | null;
  claims: ClaimMapping;
  clockToleranceSeconds: number;
  /** Deadline of one call to the issuer, ms. */
  timeoutMs: number;
  /** RFC 7662 for opaque tokens, or null. */
  introspection: { url: string; clientId: string; clientSecret: string } | null;
}

/** Names of claims; a dotted name reads a nested claim, a literal match first. */
export interface ClaimMapping {
  person: string;
  class: string | null;
  tenant: string | null;
  display: string | null;
}

export interface BackendSettings {
  name: string;
  /** SHA-256 of the API key, lower-case hex. */
  keySha256: string;
  /** Issuer it speaks for. */
  issuer: string;
  /** Class names it may give; the first is used. */
  classes: string[];
}

/** An app's own session endpoint: the cookie is forwarded to it, and it answers who that is. */
export interface SessionSettings {
  url: string;
  /** Name of the cookie to forward. */
  cookieName: string;
  /** Issuer the identity is derived under, so that it equals the person's own login. */
  issuer: string;
  claims: ClaimMapping;
  cacheSeconds: number;
  timeoutMs: number;
}

export interface OperatorKey {
  name: string;
  role: 'viewer' | 'finance' | 'admin';
  sha256: string;
}

export interface OperatorOidcSettings {
  issuer: string;
  clientId: string;
  /** Null: a public client. */
  clientSecret: string | null;
  /** Claim that names the operator; `sub` where it is absent. */
  nameClaim: string;
  /** Claim that gives the role. */
  roleClaim: string;
  /** Values of that claim by the role they give. */
  roles: Record<OperatorKey['role'], string[]>;
  scopes: string[];
  /** Deadline of one call to the issuer, ms. */
  timeoutMs: number;
}
