import { type Html, html } from './html.ts';

export interface PageShell {
  /** Shown in the browser's tab, before the product's name. */
  title: string;
  /** What stands at the right of the top line, such as who is signed in. */
  corner: Html | null;
  demo: boolean;
  main: Html;
}

/** The frame of every dashboard page. No script and no inline style: the page's security policy allows none. */
export function buildPage({ title, corner, demo, main }: PageShell): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} – mau-guard</title>
<link rel="icon" href="/ops/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/ops/ops.css">
</head>
<body>
<a class="skip" href="#main">Skip to the figures</a>
${demo && html`<p class="demo"><strong>Demo.</strong> The data are samples, and no token of this gateway can connect to Twilio.</p>`}
<header class="top-line"><a class="brand" href="/ops"><img src="/ops/icon.svg" alt="" width="28" height="28">mau-guard</a>${corner}</header>
<main id="main">
${main}
</main>
</body>
</html>
`.toString();
}
