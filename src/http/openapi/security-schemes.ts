/** How requests say who sends them; the names are those under `security` of the paths. */
export const SECURITY_SCHEMES = {
  login: bearer('The app’s own login: a JWT of a configured issuer, or an opaque token that it introspects.'),
  backendKey: sent('header', 'X-Api-Key', 'The key of a trusted backend; only beside `X-Subject`.'),
  backendSubject: sent('header', 'X-Subject', 'For whom a trusted backend asks; only beside `X-Api-Key`.'),
  cookie: sent('cookie', 'session', 'The configured session cookie. Writes need a trusted `Origin`.'),
  guest: sent(
    'header',
    'Authorization',
    '`Guest` and a guest credential, for apps and for pages of another site.',
  ),
  guestCookie: sent(
    'cookie',
    '__Host-mg_guest',
    'The guest of this browser; `mg_guest` on loopback. Needs a trusted `Origin`.',
  ),
  operatorKey: bearer('An ops key of role viewer, finance or admin.'),
  twilioSignature: sent(
    'header',
    'X-Twilio-Signature',
    'Made with the Auth Token of the account, current or previous.',
  ),
};

function bearer(description: string) {
  return { type: 'http' as const, scheme: 'bearer', description };
}

function sent(where: 'header' | 'cookie', name: string, description: string) {
  return { type: 'apiKey' as const, in: where, name, description };
}
