import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const JWT_RESOURCE = 'https://chat.example.com/jwt';
export const OPAQUE_RESOURCE = 'https://chat.example.com/opaque';
export const APP_CLIENT = { id: 'app', secret: 'client-secret-of-the-app' };
export const GATEWAY_CLIENT = { id: 'gateway', secret: 'client-secret-of-the-gateway' };

export interface OidcIssuer {
  url: string;
  /** Signs a person in by authorization code with PKCE, as an app does, and gets the tokens for a resource. */
  signIn(person: string, resource: string): Promise<{ accessToken: string; idToken: string }>;
  revoke(accessToken: string): Promise<void>;
  stop(): Promise<void>;
}

const PROGRAM = join(import.meta.dirname, '../e2e/fixtures/oidc-provider.js');
const CALLBACK = 'https://app.example.com/callback';
/** RFC 7636, appendix B. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

/** Starts `oidc-provider` in a process of its own, which ends with this one at the latest. */
export async function startOidcIssuer(): Promise<OidcIssuer> {
  // What it says on standard error are warnings about a provider that is not meant for production.
  const child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'ignore'] });
  const exited = once(child, 'exit');
  const url = await readIssuer(child.stdout);
  return {
    url,
    signIn: (person, resource) => signIn(url, person, resource),
    async revoke(accessToken) {
      await post(`${url}/token/revocation`, { token: accessToken });
    },
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}

async function readIssuer(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const [word, issuer] = line.split(' ');
    if (word === 'issuer' && issuer !== undefined) return issuer;
  }
  throw new Error('the provider ended before it listened');
}

async function signIn(issuer: string, person: string, resource: string) {
  const browser = createBrowser(issuer);
  const query = new URLSearchParams({
    ...{ client_id: APP_CLIENT.id, response_type: 'code', redirect_uri: CALLBACK, resource },
    ...{ scope: 'openid chat', code_challenge: CHALLENGE, code_challenge_method: 'S256' },
  });
  const loginPage = await browser(`/auth?${query}`);
  const resume = await browser(loginPage, { prompt: 'login', login: person, password: 'any' });
  const callback = new URL(await browser(resume));
  const code = callback.searchParams.get('code');
  if (code === null) throw new Error(`no code in ${callback}`);
  const tokens = await post(`${issuer}/token`, {
    ...{ grant_type: 'authorization_code', code, redirect_uri: CALLBACK, code_verifier: VERIFIER, resource },
  });
  const { access_token: accessToken, id_token: idToken } = (await tokens.json()) as Record<string, string>;
  if (!accessToken || !idToken) throw new Error('the provider gave no tokens');
  return { accessToken, idToken };
}

/** Follows one redirect at a time and keeps cookies. */
function createBrowser(issuer: string) {
  const cookies = new Map<string, string>();
  return async (address: string, form?: Record<string, string>): Promise<string> => {
    const response = await fetch(new URL(address, issuer), {
      method: form === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (name !== undefined && value !== undefined) cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${address}: ${response.status} ${await response.text()}`);
    await response.body?.cancel();
    return location;
  };
}

async function post(url: string, form: Record<string, string>): Promise<Response> {
  const basic = Buffer.from(`${APP_CLIENT.id}:${APP_CLIENT.secret}`).toString('base64');
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams(form),
  });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response;
}
