import type { OperatorOidcSettings } from './caller-settings.ts';
import type { ConfigParts } from './config-parts.ts';

const ROLES = ['viewer', 'finance', 'admin'] as const;
const TIMEOUT_MS = 5_000;

/** Sign-in to the dashboard at an OpenID provider; null without an issuer. */
export function buildOperatorOidc({ environment, file, findings }: ConfigParts): OperatorOidcSettings | null {
  const entry = file.data.ops?.oidc;
  const issuer = environment.get('OPS_OIDC_ISSUER');
  const clientId = environment.get('OPS_OIDC_CLIENT_ID');
  if (issuer === undefined) {
    if (clientId !== undefined || environment.get('OPS_OIDC_CLIENT_SECRET') !== undefined) {
      const expected = 'the issuer of operator logins, since other OPS_OIDC variables are set';
      findings.fault({ where: 'OPS_OIDC_ISSUER', expected, found: 'nothing' });
    }
    return null;
  }
  if (clientId === undefined && !environment.isSet('OPS_OIDC_CLIENT_ID')) {
    const expected = 'the client id that the issuer has given to this gateway';
    findings.fault({ where: 'OPS_OIDC_CLIENT_ID', expected, found: 'nothing' });
  }
  const offer = <Value>(key: string, value: Value | undefined) => file.offer(['ops', 'oidc', key], value);
  const roles = Object.fromEntries(ROLES.map((role) => [role, entry?.roles?.[role] ?? []])) as Record<
    (typeof ROLES)[number],
    string[]
  >;
  if (ROLES.every((role) => roles[role].length === 0)) {
    findings.fault({
      ...file.place(['ops', 'oidc', 'roles']),
      expected: 'which values of ops.oidc.roleClaim give the roles viewer, finance and admin',
      found: 'nothing',
      hint: 'without it nobody who signs in at OPS_OIDC_ISSUER may see anything',
    });
  }
  findings.from('operatorOidc.roles', offer('roles', entry?.roles)?.source ?? 'default');
  return {
    issuer: findings.prefer('operatorOidc.issuer', [issuer], ''),
    clientId: findings.prefer('operatorOidc.clientId', [clientId], ''),
    clientSecret: findings.prefer<string | null>(
      'operatorOidc.clientSecret',
      [environment.get('OPS_OIDC_CLIENT_SECRET')],
      null,
    ),
    nameClaim: findings.prefer('operatorOidc.nameClaim', [offer('nameClaim', entry?.nameClaim)], 'email'),
    roleClaim: findings.prefer('operatorOidc.roleClaim', [offer('roleClaim', entry?.roleClaim)], 'groups'),
    roles,
    scopes: findings.prefer('operatorOidc.scopes', [offer('scopes', entry?.scopes)], ['openid', 'email']),
    timeoutMs: TIMEOUT_MS,
  };
}
