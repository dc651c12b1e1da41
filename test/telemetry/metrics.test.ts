import { describe, expect, test } from '@jest/globals';
import { AggregatorRegistry, Registry } from 'prom-client';
import { createEvidenceMetrics } from '../../src/telemetry/evidence-metrics.ts';
import type { ServiceFill } from '../../src/telemetry/fill-metrics.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';

const build = (fill: () => Promise<ServiceFill[]> = () => Promise.resolve([])) =>
  createMetrics({ version: '1.2.3', fill });

describe('the metrics', () => {
  test('count and time under their fixed names', async () => {
    const metrics = build();
    metrics.observeRequest('GET', '/v1/months/{month}', 200, 0.004);
    metrics.requestTimer('POST', '/v1/tokens')(403, 0.0002);
    metrics.countToken('minted', 'new');
    metrics.countToken('reused', 'known');
    metrics.countToken('reused', 'known');
    metrics.countDenied('mau-budget-exhausted');
    metrics.countDelivery('pager', 'given-up');
    metrics.observeStore('admit', 0.003);

    const { text } = await metrics.expose();

    for (const line of [
      'http_server_request_duration_seconds_bucket{le="0.005",http_request_method="GET",http_route="/v1/months/{month}",http_response_status_code="200"} 1',
      'http_server_request_duration_seconds_bucket{le="0.0005",http_request_method="POST",http_route="/v1/tokens",http_response_status_code="403"} 1',
      'mauguard_tokens_minted_total{outcome="minted",kind="new"} 1',
      'mauguard_tokens_minted_total{outcome="reused",kind="known"} 2',
      'mauguard_denied_total{reason="mau-budget-exhausted"} 1',
      'mauguard_alert_deliveries_total{target="pager",result="given-up"} 1',
      'mauguard_store_duration_seconds_count{op="admit"} 1',
      `mauguard_build_info{version="1.2.3",node="${process.version}"} 1`,
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  test('the fill is read anew for every scrape', async () => {
    let identities = 3;
    const metrics = build(async () => [
      {
        service: 'default',
        identities,
        budget: 500,
        pendingAlerts: 2,
        forecast: { low: 5, mid: 6, high: 8 },
        usageAgeSeconds: 21_600,
      },
      {
        ...{ service: 'eu', identities: 1, budget: null, pendingAlerts: 0 },
        ...{ forecast: null, usageAgeSeconds: null },
      },
    ]);
    expect((await metrics.expose()).text).toContain('mauguard_identities{service="default"} 3');
    identities = 4;
    const { text } = await metrics.expose();
    expect(text).toContain('mauguard_identities{service="default"} 4');
    expect(text).toContain('mauguard_budget_identities{service="default"} 500');
    expect(text).not.toContain('mauguard_budget_identities{service="eu"}');
    expect(text).toContain('mauguard_alert_deliveries_pending{service="default"} 2');
    expect(text).toContain('mauguard_forecast_identities{service="default",bound="mid"} 6');
    expect(text).not.toContain('mauguard_forecast_identities{service="eu"');
    expect(text).toContain('mauguard_twilio_usage_age_seconds{service="default"} 21600');
    expect(text).not.toContain('mauguard_twilio_usage_age_seconds{service="eu"');
  });

  test('a fill that cannot be read is left out, the rest is there', async () => {
    let fails = false;
    const metrics = build(() =>
      fails
        ? Promise.reject(new Error('away'))
        : Promise.resolve([
            {
              ...{ service: 'default', identities: 1, budget: 2, pendingAlerts: 0 },
              ...{ forecast: null, usageAgeSeconds: 1 },
            },
          ]),
    );
    await metrics.expose();
    fails = true;
    const { text } = await metrics.expose();
    expect(text).not.toContain('service="default"');
    expect(text).toContain('mauguard_build_info');
  });

  test('journals of several processes that are empty are not one in which something waits', async () => {
    const scrapes = [20, 20, 20, 20].map((bytes) => {
      const registry = new Registry();
      createEvidenceMetrics(registry).setJournalBytes(bytes);
      return registry.getMetricsAsJSON();
    });
    const text = await AggregatorRegistry.aggregate(await Promise.all(scrapes)).metrics();
    expect(text).toContain('mauguard_journal_bytes 20\n');
  });

  test('two sets do not share a registry', async () => {
    const [one, two] = [build(), build()];
    one.countDenied('forbidden');
    expect((await two.expose()).text).not.toContain('forbidden');
  });

  test('no label can hold an identity', async () => {
    const { text } = await build().expose();
    expect(text).not.toMatch(/identity=|subject=|address=|path=/);
  });
});
