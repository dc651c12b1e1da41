import type { Check } from './check.ts';
import { checkIssuer } from './checks/issuers.ts';
import { checkPublicUrl, checkSignature } from './checks/public-url.ts';
import type { GatewayParts } from './parts.ts';

/** The way from the outside to the gateway, and from the gateway to whom it believes. */
export function listOutsideChecks(gateway: GatewayParts): Check[] {
  const { publicUrl, fetch, issuers, services, signForm, twilio } = gateway;
  // Nobody calls a demo.
  if (twilio === null) return [];
  const common = { about: null, reach: 'outside' } as const;
  const [first] = services;
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
  ];
}
