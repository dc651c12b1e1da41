import { describe, expect, it } from '@jest/globals';
import { faultLines, loaded, MINIMAL } from './support.ts';

const OIDC = {
  OPS_OIDC_ISSUER: 'https://login.example.com/',
  OPS_OIDC_CLIENT_ID: 'mau-guard',
  OPS_OIDC_CLIENT_SECRET: 'a client secret',
};

describe('sign-in to the dashboard', () => {
  it('is off unless an issuer is named', () => {
    expect(loaded({ env: MINIMAL }).settings.operatorOidc).toBeNull();
  });

  it('goes by groups and email unless told otherwise', () => {
    const yaml = 'ops: { oidc: { roles: { admin: [chat-admins] } } }';
    const { settings, sources } = loaded({ env: { ...MINIMAL, ...OIDC }, yaml });
    expect(settings.operatorOidc).toEqual({
      issuer: 'https://login.example.com/',
      clientId: 'mau-guard',
      clientSecret: 'a client secret',
      nameClaim: 'email',
      roleClaim: 'groups',
      roles: { viewer: [], finance: [], admin: ['chat-admins'] },
      scopes: ['openid', 'email'],
      timeoutMs: 5000,
    });
    expect(JSON.stringify(sources)).not.toContain('a client secret');
  });

  it('needs a client and a role that somebody can have', () => {
    const env = { ...MINIMAL, OPS_OIDC_ISSUER: 'https://login.example.com/' };
    const faults = faultLines({ env, yaml: 'ops: { oidc: { roles: { admin: [] } } }' });
    expect(faults).toHaveLength(2);
    expect(faults.join('\n')).toMatch(/OPS_OIDC_CLIENT_ID: expected the client id/);
    expect(faults.join('\n')).toMatch(/ops\.oidc\.roles/);
  });
});
