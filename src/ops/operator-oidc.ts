import type { Operator } from './operator.ts';

/** Sign-in at the operators' own identity provider: authorization code with PKCE. */
export interface OperatorOidc {
  /** Text of the link, such as `Sign in with example.com`. */
  label: string;
  /**
   * Where to send the browser, and what it must bring back beside the answer, kept in a cookie meanwhile.
   *
   * @throws GatewayError `identity-provider-unavailable`
   */
  begin(redirectUri: string): Promise<{ url: string; attempt: string }>;
  /**
   * Who the provider says it is, after everything was checked.
   *
   * @param callback the address that the provider sent the browser to, with its query
   * @throws GatewayError `identity-provider-unavailable`
   */
  finish(callback: URL, attempt: string): Promise<OidcAnswer>;
}

export type OidcAnswer =
  | { outcome: 'signed-in'; operator: Operator }
  /** `rejected`: the answer does not hold, or belongs to no attempt of this browser. `no-role`: a person without one. */
  | { outcome: 'rejected' | 'no-role'; reason: string };
