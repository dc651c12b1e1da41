import type { DemoLogin } from './demo-people.ts';

export interface DemoBannerFacts {
  /** Where the gateway listens, without a trailing slash. */
  url: string;
  logins: readonly DemoLogin[];
  /** One-time link to the month page. */
  opsLink: string;
  ledgerPath: string;
}

/** What demo mode prints when it is up: at most ten lines, one to paste and one to click. */
export function formatDemoBanner({ url, logins, opsLink, ledgerPath }: DemoBannerFacts): string {
  const first = logins[0]!;
  return `${[
    'mau-guard is running in demo mode: sample people, fake Twilio values, nothing leaves this machine.',
    '',
    `Mint a token (as ${first.name}):`,
    `  curl -s -X POST ${url}/v1/tokens -H 'Authorization: Bearer ${first.token}' -H 'Content-Type: application/json' -d '{"intent":"open_chat"}'`,
    'See the month (link works once, for 15 minutes):',
    `  ${opsLink}`,
    `See what lazy chat saves: ${url}/demo`,
    `Counts are kept in ${ledgerPath}. Real use: install -m 0600 .env.example .env, fill it in, start again.`,
  ].join('\n')}\n`;
}
