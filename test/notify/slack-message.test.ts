import { describe, expect, it } from '@jest/globals';
import type { AlertNotice } from '../../src/alerts/ports.ts';
import { buildSlackMessage } from '../../src/notify/slack-message.ts';
import { alertNotice } from './alert-notice.ts';

function textOf(notice: AlertNotice, publicUrl: string | null = null): string {
  return JSON.parse(buildSlackMessage(notice, publicUrl)).text;
}

describe('a Slack message', () => {
  it('says which service, month and budget, how full it is, what comes next, and where to look', () => {
    expect(JSON.parse(buildSlackMessage(alertNotice(), 'https://gateway.example'))).toEqual({
      text:
        'default: budget for 2026-11 (whole service) is 80 % used: 400 of 500 identities (80 %). ' +
        '100 places are left, those kept for a class included. When they are taken, new people are refused until 2026-12-01 00:00 UTC.',
      blocks: [
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: '*default: budget for 2026-11 (whole service) is 80 % used*',
          },
        },
        {
          type: 'section',
          fields: [
            { type: 'mrkdwn', text: '*Service*\ndefault' },
            { type: 'mrkdwn', text: '*Month (UTC)*\n2026-11' },
            { type: 'mrkdwn', text: '*Budget*\nwhole service' },
            { type: 'mrkdwn', text: '*Used*\n400 of 500 identities (80 %)' },
          ],
        },
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: '100 places are left, those kept for a class included. When they are taken, new people are refused until 2026-12-01 00:00 UTC.',
          },
        },
        {
          type: 'context',
          elements: [
            {
              type: 'mrkdwn',
              text: 'Alert 17 of 2026-11-20 21:00 UTC · <https://gateway.example/ops|Open the dashboard>',
            },
          ],
        },
      ],
    });
  });

  it('has no link without a public URL', () => {
    expect(buildSlackMessage(alertNotice(), null)).not.toContain('dashboard');
  });

  it.each([
    ['block', 'New people are refused until 2026-12-01 00:00 UTC'],
    ['warn', 'nobody is refused, and every further person adds to the bill of 2026-11'],
    ['off', 'nobody is refused'],
    [null, 'nobody is refused'],
  ] as const)('says what mode %s does at the limit', (mode, words) => {
    expect(textOf(alertNotice({ threshold: 100, used: 500 }, mode))).toContain(words);
  });

  it('says that a budget recovered', () => {
    expect(textOf(alertNotice({ state: 'recovered', limit: 800 }))).toContain(
      'default: budget for 2026-11 (whole service) is below 80 % again: 400 of 800 identities (50 %)',
    );
  });

  it('says that a limit is gone', () => {
    const text = textOf(alertNotice({ state: 'recovered', limit: 0 }, 'block'));
    expect(text).toContain('default: budget for 2026-11 (whole service) has no limit any more');
    expect(text).toContain('400 identities, no limit');
    expect(text).not.toContain('refused until');
  });

  it.each([
    ['class:guest', '(class guest)'],
    ['tenant:acme', '(tenant acme)'],
    ['new-per-hour', '(newcomers an hour)'],
  ] as const)('names the budget %s', (budget, words) => {
    expect(textOf(alertNotice({ budget }))).toContain(words);
  });

  it.each([
    ['block', 'further ones are refused until the next full hour'],
    ['warn', 'The spike guard only warns'],
  ] as const)('speaks of the hour, not of the month, when the spike guard (%s) trips', (mode, words) => {
    const text = textOf(alertNotice({ budget: 'new-per-hour', threshold: 100, used: 500 }, mode));
    expect(text).toContain(words);
    expect(text).not.toContain('2026-12-01');
  });

  it('speaks of what is to come when a forecast crosses the limit', () => {
    const text = textOf(alertNotice({ budget: 'forecast', state: 'firing', threshold: 100, used: 613 }));
    expect(text).toContain('2026-11 is on its way past its budget');
    expect(text).toContain('about 613 identities by the end of the month, 500 in the budget');
    expect(text).not.toContain('100 % used');
  });

  it('knows the turn of the year, and a limit of nothing', () => {
    const december = alertNotice({ month: '2026-12' as AlertNotice['alert']['month'], limit: 0, used: 0 });
    expect(textOf(december)).toMatch(/0 of 0 identities \(100 %\)\. New people are refused until 2027-01-01/);
  });

  it('lets the name of a tenant neither call the channel nor become a link', () => {
    const budget = `tenant:<!channel> <https://evil.example|*click*> & ${'x'.repeat(5_000)}` as const;
    const message = buildSlackMessage(alertNotice({ budget }), null);
    expect(message).not.toMatch(/<!|<https/);
    expect(message).toContain('&lt;!channel&gt;');
    for (const block of JSON.parse(message).blocks) {
      for (const { text } of block.fields ?? []) expect(text.length).toBeLessThan(2_000);
    }
  });
});
