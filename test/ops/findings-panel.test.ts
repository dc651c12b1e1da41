import { describe, expect, it } from '@jest/globals';
import { SETUP_CHECKS } from '../../src/doctor/setup-checks.ts';
import { buildFindings } from '../../src/ops/findings-panel.ts';
import { buildMonthPage } from '../../src/ops/month-page.ts';
import type { SetupFindings } from '../../src/reconcile/newest-setup.ts';
import { EVENT_RULES } from '../../src/signals/webhook/event-rules.ts';
import { FORECAST, sampleFindings, WASTE } from './sample-figures.ts';
import { monthNamed, sampleMonth } from './sample-month.ts';

const FINDINGS = sampleFindings({ tokenOnly: 40, updatedOnly: 2, addresses: 2 });

/** Everything that can be wrong at once: a new service, whose webhooks come here and tell nothing. */
async function judgeWorst(): Promise<SetupFindings> {
  const url = 'https://gateway.example.com';
  const target = { preUrl: null, postUrl: `${url}/v1/webhooks/twilio`, filters: [], method: 'POST' };
  const adding = ['addParticipant', 'addNonChatParticipant'];
  const findings: SetupFindings['findings'] = [];
  for (const { id, name, judge } of SETUP_CHECKS) {
    const finding = await judge(
      {
        ...{ reachability: false, openingNumbers: 3 },
        permissions: { user: ['createConversation', ...adding], member: adding, creator: adding },
        webhooks: { account: target, service: target },
      },
      {
        place: { publicUrl: url, verifies: true, events: Object.keys(EVENT_RULES), serviceParameter: null },
        blocks: async () => true,
      },
    );
    if ('why' in finding)
      findings.push({ id, name, says: finding.detail, why: finding.why, fix: finding.fix });
  }
  return { lookedAt: '2026-11-20T18:00:00.000Z', ageSeconds: 10_800, findings };
}

/** As it stands in a page. */
const escaped = (text: string) => text.replace(/'/g, '&#39;').replace(/>/g, '&gt;');

describe('findings', () => {
  it('say what is wrong, why it matters and what to do, in the same words as the doctor', async () => {
    const setup = await judgeWorst();
    expect([FINDINGS.length, setup.findings.length]).toEqual([4, 5]);
    const panel = String(
      buildFindings({ findings: FINDINGS, setup }, { month: '2026-11', service: 'shop' }, null),
    );
    for (const { says, why, fix } of [...FINDINGS, ...setup.findings]) {
      for (const text of [says, why, fix]) expect(panel).toContain(escaped(text));
    }
    expect(panel).toContain('href="/v1/months/2026-11/findings?service=shop">JSON</a>');
    expect(panel).toContain('the setup at Twilio 3 h ago');
    expect(panel).not.toContain('more finding');
  });

  it('are the first of both kinds on the page of the month, which leads to the others', async () => {
    const setup = await judgeWorst();
    const page = buildMonthPage(sampleMonth({ findings: FINDINGS, setup }));
    for (const { says } of [...FINDINGS.slice(0, 2), ...setup.findings.slice(0, 1)]) {
      expect(page).toContain(escaped(says));
    }
    expect(page).toContain('<a href="/ops/system">6 more findings, what to do</a>');
    const alone = buildMonthPage(sampleMonth({ setup }));
    for (const { says } of setup.findings.slice(0, 3)) expect(alone).toContain(escaped(says));
    expect(alone).toContain('2 more findings');
  });

  it('are as before where nobody has looked at Twilio', () => {
    const page = buildMonthPage(sampleMonth({ findings: FINDINGS.slice(0, 3), setup: null }));
    for (const { says } of FINDINGS.slice(0, 3)) expect(page).toContain(escaped(says));
    expect(page).toContain('<a href="/ops/system">What to do</a>');
    expect(page).toContain('By this month’s figures alone');
    expect(page).not.toContain('more finding');
  });

  it('leave the page small, also of the longest month with everything there is to say', async () => {
    const [first] = sampleMonth().days;
    const days = Array.from({ length: 31 }, (_, day) => ({
      ...first!,
      ...{ day: `2026-10-${String(day + 1).padStart(2, '0')}`, cumulative: 100 + 33 * day },
    }));
    const { summary } = sampleMonth();
    const model = {
      ...{ findings: FINDINGS, setup: await judgeWorst(), forecast: FORECAST, waste: WASTE },
      ...{ days, previousDays: days, summary: { ...summary, month: monthNamed('2026-10') } },
    };
    expect(Buffer.byteLength(buildMonthPage(sampleMonth(model)))).toBeLessThan(20_000);
  });

  it('are not there when all is well', () => {
    expect(buildMonthPage(sampleMonth())).not.toContain('findings-title');
    const setup = { lookedAt: '2026-11-20T18:00:00.000Z', ageSeconds: 10_800, findings: [] };
    expect(buildMonthPage(sampleMonth({ setup }))).not.toContain('findings-title');
  });

  it('show no markup of others', () => {
    const hostile = '<img src=x onerror="alert(1)">';
    const text = { says: hostile, why: hostile, fix: hostile };
    const setup = {
      ...{ lookedAt: '2026-11-20T18:00:00.000Z', ageSeconds: 0 },
      findings: [{ id: 'webhooks', name: hostile, ...text }],
    };
    const findings = [{ id: 'rest-only' as const, identities: 1, ...text }];
    const page = buildMonthPage(sampleMonth({ findings, setup }));
    expect(page).not.toContain('<img src=x');
    expect(page).toContain('&lt;img src=x');
  });
});
