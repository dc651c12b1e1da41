import { causeOf } from '../cause-of.ts';
import { error, type Finding, ok, skip, warn } from '../finding.ts';
import type { SignForm } from '../ports.ts';

type Fetch = typeof globalThis.fetch;

/** Below the limit of a check. */
const PATIENCE_MS = 4_500;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether PUBLIC_URL leads to a gateway without detours. */
export async function checkPublicUrl(publicUrl: string | null, fetch: Fetch): Promise<Finding> {
  if (publicUrl === null) {
    return warn({
      detail: 'not set',
      why: 'Signatures of webhooks are over this address, so webhooks are not taken; links in alerts and problems stay relative.',
      fix: 'Set PUBLIC_URL to the address by which the outside reaches the gateway, such as https://chat.example.com.',
    });
  }
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol !== 'https:' && !LOOPBACK.test(hostname)) {
    return error({
      detail: `${publicUrl} is not https`,
      why: 'Tokens and logins would cross the network readable for everybody on the way.',
      fix: 'Put TLS before the gateway and an https address into PUBLIC_URL.',
    });
  }
  const answer = await ask(fetch, `${publicUrl}/livez`, {});
  if (typeof answer === 'string') {
    return error({
      detail: `${publicUrl} does not answer: ${answer}`,
      why: 'Twilio and browsers would not reach the gateway either, unless only this machine cannot.',
      fix: 'Compare PUBLIC_URL with the DNS name and the route of the proxy, and see that the gateway runs.',
    });
  }
  if (answer >= 300 && answer < 400) {
    return error({
      detail: `${publicUrl} redirects (${answer})`,
      why: 'Twilio signs the address that it calls and follows no redirect of a POST; such webhooks are lost.',
      fix: 'Put the address that is redirected to into PUBLIC_URL and into the Twilio console.',
    });
  }
  if (answer !== 200) {
    return error({
      detail: `${publicUrl}/livez answers ${answer}`,
      why: 'What answers there is not a gateway that is well.',
      fix: 'Let the proxy pass all paths to the gateway unchanged, /livez among them.',
    });
  }
  return ok(`${publicUrl} answers`);
}

export interface SignedCheck {
  publicUrl: string | null;
  /** Null: no Auth Token is configured. */
  sign: SignForm | null;
  /** Of the default service: what the event is said to be about. */
  accountSid: string;
  serviceSid: string;
  fetch: Fetch;
}

/** An event that proves nothing about anybody, signed as Twilio signs: the gateway must take it, and keeps nothing. */
export async function checkSignature({ publicUrl, sign, ...about }: SignedCheck): Promise<Finding> {
  if (publicUrl === null || sign === null) return skip('PUBLIC_URL or TWILIO_AUTH_TOKEN is not set');
  const url = `${publicUrl}/v1/webhooks/twilio`;
  const form = {
    EventType: 'onDoctorLooked',
    AccountSid: about.accountSid,
    ChatServiceSid: about.serviceSid,
  };
  const answer = await ask(about.fetch, url, {
    method: 'POST',
    headers: { 'x-twilio-signature': await sign(url, form) },
    body: new URLSearchParams(form),
  });
  if (typeof answer === 'string') return skip(`${publicUrl} does not answer`);
  switch (answer) {
    case 200:
    case 204:
      return ok('a signed event is taken');
    case 403:
      return error({
        detail: 'the gateway refuses a signed event (403)',
        why: 'It refuses Twilio’s as well, and their evidence is lost.',
        fix: 'Give the running gateway the same PUBLIC_URL and TWILIO_AUTH_TOKEN as here; its log says webhook.wrong-url when a proxy changes the address.',
      });
    case 404:
      return error({
        detail: 'the gateway there takes no webhooks (404)',
        why: 'Twilio’s events are lost.',
        fix: 'Start the gateway with PUBLIC_URL and TWILIO_AUTH_TOKEN set, and let the proxy pass /v1/webhooks/ to it.',
      });
    default:
      return error({
        detail: `a signed event is answered ${answer}`,
        why: 'Twilio gives up on an event that is not answered with 2xx.',
        fix: 'Look into the log of the gateway and of the proxy before it; 503 means that neither ledger nor journal took it.',
      });
  }
}

/** The status, or why there is none. */
async function ask(fetch: Fetch, url: string, init: RequestInit): Promise<number | string> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    await response.body?.cancel();
    return response.status;
  } catch (thrown) {
    const { code, message } = causeOf(thrown);
    return code ?? message;
  }
}
