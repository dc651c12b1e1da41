/** Who is asking, as a verified credential says. Nothing in it comes from the request itself. */
export interface Caller {
  /** The authority whose word this is: an OIDC issuer, or the name of the session source. */
  issuer: string;
  /** The person as that authority names them, not yet normalised. */
  subject: string;
  /** Caller class, such as `member` or `agent`. */
  className: string;
  /** Tenant of the person where the app has tenants. */
  tenant: string | null;
  /** A name for humans; never logged, never part of an identity. */
  display: string | null;
  via: 'bearer' | 'backend' | 'session' | 'guest';
}
