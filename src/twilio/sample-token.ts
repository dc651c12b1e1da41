/** What a token of Twilio's library is made of. */
export interface SampleTokenOptions {
  accountSid: string;
  serviceSid: string;
  apiKey: { sid: string; secret: string };
  region: string | null;
  pushCredentialSid: string | null;
  roleSid: string | null;
  identity: string;
  ttlSeconds: number;
}

/** A token by Twilio's own library, to hold ours against. It is issued at the library's own clock. */
export async function signSampleToken(options: SampleTokenOptions): Promise<string> {
  const { accountSid, apiKey, region, serviceSid, pushCredentialSid, roleSid } = options;
  const { default: twilio } = await import('twilio');
  const { AccessToken } = twilio.jwt;
  const token = new AccessToken(accountSid, apiKey.sid, apiKey.secret, {
    identity: options.identity,
    ttl: options.ttlSeconds,
    ...(region === null ? {} : { region }),
  });
  token.addGrant(
    new AccessToken.ChatGrant({
      serviceSid,
      ...(pushCredentialSid === null ? {} : { pushCredentialSid }),
      ...(roleSid === null ? {} : { deploymentRoleSid: roleSid }),
    }),
  );
  return token.toJwt();
}
