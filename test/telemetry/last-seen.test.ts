import { describe, expect, test } from '@jest/globals';
import { createLastSeen } from '../../src/telemetry/last-seen.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { settableClock } from '../support/clock.ts';

describe('when evidence came last', () => {
  test('is told of what was signed, and everything is counted as before', async () => {
    const clock = settableClock(1_000);
    const { read, watch } = createLastSeen(clock);
    const metrics = createMetrics({ version: '1', fill: async () => [] });
    const watched = watch(metrics);
    watched.countWebhook('unverified', 'bad-signature');
    watched.countBeacon('connected', 'unauthenticated');
    expect(read()).toEqual({ webhook: null, beacon: null });
    watched.countWebhook('onMessageAdded', 'recorded');
    clock.advance(5);
    watched.countBeacon('connected', 'repeated');
    expect(read()).toEqual({ webhook: 1_000, beacon: 1_005 });
    clock.advance(5);
    watched.countStreamEvent('onUserAdded', 'nothing');
    expect(read().webhook).toBe(1_010);
    const { text } = await metrics.expose();
    expect(text).toContain('mauguard_webhooks_total{event="unverified",outcome="bad-signature"} 1');
    expect(text).toContain('mauguard_stream_events_total{event="onUserAdded",outcome="nothing"} 1');
    expect(text).toContain('mauguard_beacons_total{state="connected",outcome="repeated"} 1');
  });
});
