import type { AlertNotice } from '../alerts/ports.ts';
import { describeAlert } from './alert-words.ts';

/** Characters of one field; Slack allows 2,000, and a tenant's name is not ours to trust. */
const FIELD_LENGTH_MAX = 300;

/**
 * The body for a Slack incoming webhook, which Mattermost, Rocket.Chat and Discord's `/slack` address take too: a
 * plain text for notifications, and blocks to read.
 *
 * @param publicUrl of the gateway, without a trailing slash, or null
 */
export function buildSlackMessage(notice: AlertNotice, publicUrl: string | null): string {
  const { alert, service } = notice;
  const words = describeAlert(notice);
  const headline = escaped(words.headline);
  const next = escaped(words.next);
  const fields = [
    ['Service', service],
    ['Month (UTC)', alert.month],
    ['Budget', words.budget],
    ['Used', words.usage],
  ].map(([name, value]) => mrkdwn(`*${name}*\n${escaped(value ?? '')}`));
  const fired = `${new Date(alert.at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const link = publicUrl === null ? '' : ` · <${publicUrl}/ops|Open the dashboard>`;
  return JSON.stringify({
    text: `${headline}: ${escaped(words.usage)}. ${next}`,
    blocks: [
      { type: 'section', text: mrkdwn(`*${headline}*`) },
      { type: 'section', fields },
      { type: 'section', text: mrkdwn(next) },
      { type: 'context', elements: [mrkdwn(`Alert ${escaped(alert.id)} of ${fired}${link}`)] },
    ],
  });
}

function mrkdwn(text: string): { type: 'mrkdwn'; text: string } {
  return { type: 'mrkdwn', text };
}

/** Slack's control characters, so that a name cannot become a link or call the whole channel. */
function escaped(text: string): string {
  return text
    .slice(0, FIELD_LENGTH_MAX)
    .replace(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
