import { type Frame, opsAddress, THEMES, type Visitor } from './frame.ts';
import { type Html, html } from './html.ts';
import { mayActAs, type OperatorRole } from './operator.ts';

/** The parts of the dashboard, in the order of the navigation. */
const SECTIONS = [
  { name: 'overview', path: '', title: 'Month', role: 'viewer' },
  { name: 'identities', path: '/identities', title: 'Identities', role: 'finance' },
  { name: 'budget', path: '/budget', title: 'Budget', role: 'viewer' },
  { name: 'reconciliation', path: '/reconciliation', title: 'Twilio', role: 'finance' },
  { name: 'alerts', path: '/alerts', title: 'Alerts', role: 'viewer' },
  { name: 'system', path: '/system', title: 'System', role: 'viewer' },
  { name: 'audit', path: '/audit', title: 'Audit', role: 'admin' },
  { name: 'counting', path: '/counting', title: 'What counts', role: 'viewer' },
] as const satisfies readonly { name: string; path: string; title: string; role: OperatorRole }[];

export type Section = (typeof SECTIONS)[number]['name'];

export interface PageShell {
  frame: Frame;
  /** Shown in the browser's tab, before the product's name. */
  title: string;
  /** Where the page stands in the navigation; null: nowhere. */
  section: Section | null;
  main: Html;
}

/** The frame of every dashboard page. No inline script and no inline style: the page's security policy allows none. */
export function buildPage({ frame, title, section, main }: PageShell): string {
  const { assets, demo, theme, visitor } = frame;
  return html`<!doctype html>
<html lang="en" data-theme="${theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${theme === 'system' ? 'light dark' : theme}">
<meta name="robots" content="noindex">
<title>${title} – mau-guard</title>
<link rel="icon" href="${assets.address('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${assets.address('ops.css')}">
${visitor && html`<script type="module" src="${assets.address('main.js')}"></script>`}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
${demo && html`<p class="demo" role="note"><strong>Demo.</strong> The data are samples, and no token of this gateway can connect to Twilio.</p>`}
<header class="top-line"><a class="brand" href="/ops"><img src="${assets.address('icon.svg')}" alt="" width="28" height="28">mau-guard</a>${visitor && buildCorner(visitor)}</header>
${visitor && buildSections(visitor, section)}
<main id="main" tabindex="-1">
${main}
</main>
<footer class="foot">${buildThemes(frame)}${visitor?.signedIn === true && html`<form method="post" action="/ops/sessions/end"><input type="hidden" name="whose" value="mine"><button class="quiet">Sign out everywhere</button></form>`}<p>All times UTC. Twilio Conversations (classic), REST v1.</p></footer>
</body>
</html>
`.toString();
}

function buildCorner({ operator, signedIn }: Visitor): Html {
  return html`<div class="corner"><span class="who">${operator.name} <small>${operator.role}</small></span>${
    signedIn && html`<form method="post" action="/ops/logout"><button class="quiet">Sign out</button></form>`
  }</div>`;
}

function buildSections({ operator, service }: Visitor, current: Section | null): Html {
  const open = SECTIONS.filter(({ role }) => mayActAs(operator, role));
  return html`<nav class="sections" aria-label="Dashboard"><ul>${open.map(
    ({ name, path, title }) =>
      html`<li><a href="${opsAddress(path, { service })}"${name === current && html` aria-current="page"`}>${title}</a></li>`,
  )}</ul></nav>`;
}

/** The choice is a cookie, so that it needs no script and the first paint has it already. */
function buildThemes({ theme, address }: Frame): Html {
  return html`<form class="themes" method="post" action="/ops/theme"><fieldset><legend>Colours</legend><input type="hidden" name="back" value="${address}">${THEMES.map(
    (name) =>
      html`<button class="quiet" name="theme" value="${name}" aria-pressed="${String(name === theme)}">${name}</button>`,
  )}</fieldset></form>`;
}
