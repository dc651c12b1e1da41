import { AggregatorRegistry, type Registry } from 'prom-client';

export interface MetricsPage {
  /** The scrape, in Prometheus' text format. */
  expose(): Promise<{ contentType: string; text: string }>;
}

/** In a worker of `serve --processes`: lets the primary ask for this process's metrics. */
export function shareWithPrimary(registry: Registry): void {
  new AggregatorRegistry();
  AggregatorRegistry.setRegistries(registry);
}

/** In the primary: one scrape of all workers together. Counters and histograms add up; gauges say how they do. */
export function createClusterMetrics(): MetricsPage {
  const registry = new AggregatorRegistry();
  return {
    expose: async () => ({ contentType: registry.contentType, text: await registry.clusterMetrics() }),
  };
}
