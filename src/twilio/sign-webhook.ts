/** Signs as Twilio does, by its own helpers; for the fake Twilio of demo mode and tests. */
export async function signForm(
  authToken: string,
  url: string,
  form: Readonly<Record<string, string>>,
): Promise<string> {
  const { default: twilio } = await import('twilio');
  return twilio.getExpectedTwilioSignature(authToken, url, form);
}

/** Of a JSON body only a digest is signed, which stands in the address that it is sent to. */
export async function signBody(
  authToken: string,
  url: string,
  body: string,
): Promise<{ url: string; signature: string }> {
  const { default: twilio } = await import('twilio');
  const hashed = `${url}${url.includes('?') ? '&' : '?'}bodySHA256=${twilio.getExpectedBodyHash(body)}`;
  return { url: hashed, signature: twilio.getExpectedTwilioSignature(authToken, hashed, {}) };
}
