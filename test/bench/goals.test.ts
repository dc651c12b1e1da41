import { describe, expect, it } from '@jest/globals';

const { judgeGoals } = await import(new URL('../../bench/report/goals.js', import.meta.url).href);

const NONE = { milliseconds: 2, command: '' };

function exported(seconds: number[], growthBytes: number | null) {
  const rows = seconds.map((each) => ({
    ...{ seconds: each, growthBytes, longest: NONE, summaryMs: { min: 1, median: 2, max: 9 } },
  }));
  return { figures: { csv: rows, ndjson: rows }, command: rows };
}

function verdicts(results: object): Record<string, string> {
  const goals: { name: string; verdict: string }[] = judgeGoals(results);
  return Object.fromEntries(goals.map(({ name, verdict }) => [name, verdict]));
}

describe('goals', () => {
  it('are judged only for parts that ran', () => {
    expect(judgeGoals({})).toEqual([]);
  });

  it('go by the median of the rounds', () => {
    const goal = 'export of the month, slower format, s';
    expect(verdicts({ export: exported([4, 4, 60], 0) })[goal]).toBe('met');
    expect(verdicts({ export: exported([4, 60, 60], 0) })[goal]).toBe('missed');
  });

  it('of the dashboard go by its slowest page and its largest', () => {
    const look = (paintMs: number, htmlBytes: number) => ({ paintMs, htmlBytes, answerMs: 1 });
    const page = (first: number, warm: number, bytes: number) => ({
      ...{ first: [look(first, bytes), look(first, bytes), look(900, bytes)] },
      warm: [look(warm, bytes)],
    });
    const looks = {
      ...{ month: page(310, 90, 19_000), budget: page(80, 120, 20_400) },
      // What the browser itself takes is no page of ours.
      'a page of one word': page(990, 990, 30_000),
    };
    expect(verdicts({ dashboard: { looks, scripts: { gzipBytes: 29_400 } } })).toEqual({
      'first paint, slowest page, first visit, ms': 'missed',
      'first paint, slowest page, warm, ms': 'met',
      'largest page, kB of HTML': 'missed',
      'all scripts of the dashboard, kB, gzip': 'met',
    });
    const without = Object.values(verdicts({ dashboard: { looks: null, scripts: null } }));
    expect(without).toEqual(Array(4).fill('not measured'));
  });

  it('of webhooks tell apart what a disk costs Redis', () => {
    const run = (durable: boolean, redisMicroseconds: number, lost = 0) => ({
      ...{ durable, perSecond: 4_990, lost },
      steady: { redisMicroseconds },
    });
    const runs = { 'no disk': run(false, 9), stopped: run(true, 9.5), killed: run(true, 12, 1) };
    const month = { summaryMs: { min: 1, median: 2, max: 9 } };
    expect(verdicts({ events: { rate: 5_000, runs, month } })).toEqual({
      'webhooks accepted a second, slowest run': 'met',
      'Redis CPU a webhook, appendonly no, µs': 'met',
      'Redis CPU a webhook, appendfsync always, µs': 'missed',
      'acknowledged webhooks that were lost': 'missed',
      'counts of a month by any rule, ms': 'met',
    });
  });

  it('count a longest call that was too short to be noted as met', () => {
    expect(verdicts({ export: exported([1], 0) })['longest Redis call under an export, ms']).toBe('met');
  });

  it('are neither met nor missed where a figure cannot be had', () => {
    expect(verdicts({ export: exported([1], null) })['memory growth during an export, MiB']).toBe(
      'not measured',
    );
  });

  it('over HTTP are ratios by round', () => {
    const runs = (...perSecond: number[]) =>
      perSecond.map((each) => ({ perSecond: each, serverMicroseconds: 1, p99: 1 / each }));
    const rows = {
      quickstart: runs(100, 10),
      'quickstart repaired': runs(400, 40),
      'mau-guard warm': runs(1_000, 100),
      'mau-guard cold': runs(440, 44),
      'bare warm': runs(1_250, 125),
      'bare cold': runs(500, 50),
    };
    expect(verdicts({ http: { throughput: rows, latency: rows } })).toEqual({
      'requests/s, warm, times the published quickstart': 'met',
      'requests/s, cold, times the published quickstart': 'missed',
      'requests/s, warm, times the repaired quickstart': 'met',
      'requests/s, cold, times the repaired quickstart': 'missed',
      'requests/s, warm, times bare node:http': 'met',
      'p99 at the fixed rate, warm, times the published quickstart': 'met',
    });
  });
});
