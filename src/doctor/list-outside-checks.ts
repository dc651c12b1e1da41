import type { Check } from './check.ts';
import { checkIssuer } from './checks/issuers.ts';
import { checkPublicUrl, checkSignature } from './checks/public-url.ts';
import { checkRedirectUri } from './checks/redirect-uri.ts';
import { checkSocketHost, socketHostOf } from './checks/twilsock.ts';
import type { GatewayParts } from './parts.ts';

/** The way from the outside to the gateway, and from the gateway to whom it believes. */
export function listOutsideChecks(gateway: GatewayParts): Check[] {
  const { publicUrl, fetch, issuers, operatorSignIn, reachTls, services, signForm, twilio } = gateway;
  // Nobody calls a demo.
  if (twilio === null) return [];
  const common = { about: null, reach: 'outside' } as const;
  const [first] = services;
  const hosts = [...new Set(services.map(({ region }) => socketHostOf(region)))];
  return [
    {
      ...{ id: 'public-url', name: 'PUBLIC_URL', ...common },
      look: () => checkPublicUrl(publicUrl, fetch),
    },
    ...(first === undefined
      ? []
      : [
          {
            ...{ id: 'webhook-signature', name: 'Webhook signature', ...common },
            look: () =>
              checkSignature({
                ...{ publicUrl, fetch, sign: signForm },
                accountSid: first.accountSid,
                serviceSid: first.serviceSid,
              }),
          },
        ]),
    ...issuers.map(
      (issuer): Check => ({
        id: issuer.audience === 'app' ? 'issuer' : 'operator-issuer',
        name: issuer.audience === 'app' ? 'Issuer of logins' : 'Issuer of operators',
        about: issuer.issuer,
        reach: 'outside',
        look: () => checkIssuer(issuer),
      }),
    ),
    ...(operatorSignIn === null
      ? []
      : [
          {
            ...{ id: 'redirect-uri', name: 'Redirect URI', ...common },
            look: () => checkRedirectUri(operatorSignIn, fetch),
          },
        ]),
    ...hosts.map(
      (host): Check => ({
        ...{ id: 'twilsock', name: "Twilio's socket", reach: 'outside' },
        about: hosts.length > 1 ? host : null,
        look: () => checkSocketHost(host, reachTls),
      }),
    ),
  ];
}
