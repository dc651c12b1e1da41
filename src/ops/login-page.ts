import type { Frame } from './frame.ts';
import { html } from './html.ts';
import { buildPage } from './page-shell.ts';

export interface LoginPageModel {
  frame: Frame;
  /** What went wrong with the last try, or null. */
  fault: string | null;
  /** False when no ops key is configured, so that no key can open the page. */
  keysConfigured: boolean;
  /** Text of the link that leads to the identity provider, or null without one. */
  provider: string | null;
  /** Page of the dashboard that signing in leads to. */
  wayBack: string;
  /** A link on another site led here. The browser keeps the session's cookie back then, so the session may be there. */
  cameByLink: boolean;
}

/** The form that takes an ops key. The key goes into the body of one POST, never into an address. */
export function buildLoginPage(model: LoginPageModel): string {
  const { frame, fault, keysConfigured, provider, wayBack, cameByLink } = model;
  return buildPage({
    frame,
    title: 'Sign in',
    section: null,
    main: html`<div class="panel card">
<h1>Sign in</h1>
${fault !== null && html`<p class="fault" role="alert">${fault}</p>`}
${cameByLink && html`<p class="note">Signed in already? <a href="${wayBack}">Open the page.</a></p>`}
${provider !== null && html`<p><a class="button primary" href="/ops/login/oidc?back=${encodeURIComponent(wayBack)}">${provider}</a></p>`}
${
  keysConfigured &&
  html`<form method="post" action="/ops/login">
<input type="hidden" name="back" value="${wayBack}">
<label for="key">Ops key</label>
<input id="key" name="key" type="password" autocomplete="current-password" spellcheck="false" required maxlength="512">
<button${provider === null && html` class="primary"`}>Sign in with a key</button>
</form>
<p class="note">The key stays on this gateway; this browser keeps a session of 12 hours. Scripts send the key as <code>Authorization: Bearer</code>.</p>`
}
${
  !keysConfigured &&
  provider === null &&
  html`<p>No ops keys are configured, so nobody can sign in here. Make one with <code>mau-guard keys new</code>, put its line into <code>OPS_API_KEYS</code> and start the gateway again.</p>`
}
</div>`,
  });
}
