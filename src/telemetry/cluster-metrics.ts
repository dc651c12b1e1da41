import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry, type MetricObject, type Registry } from 'prom-client';

export interface MetricsPage {
  /** The scrape, in Prometheus' text format. */
  expose(): Promise<{ contentType: string; text: string }>;
}

/** What primary and workers say to each other, by the number of the question. */
interface Question {
  metricsFor: number;
}
interface Answer {
  metricsOf: number;
  metrics: MetricObject[];
}

/** Well below what Prometheus waits for a scrape, 10 s. */
const PATIENCE_MS = 1_000;

/** In a worker of `serve --processes`: lets the primary ask for this process's metrics. */
export function shareWithPrimary(registry: Registry): void {
  process.on('message', ({ metricsFor }: Partial<Question>) => {
    if (metricsFor === undefined) return;
    void registry
      .getMetricsAsJSON()
      .then((metrics) => process.send?.({ metricsOf: metricsFor, metrics } satisfies Answer));
  });
}

/**
 * In the primary: one scrape of all workers together. Counters and histograms add up; gauges say how they do. A worker that
 * does not answer, since it is starting or has just ended, is left out: prom-client's own page fails with one of them.
 */
export function createClusterMetrics(): MetricsPage {
  let asked = 0;

  function ask(worker: Worker): Promise<MetricObject[]> {
    const metricsFor = ++asked;
    return new Promise((resolve) => {
      const settle = (metrics: MetricObject[]) => {
        clearTimeout(timer);
        worker.off('message', hear);
        worker.off('exit', giveUp);
        resolve(metrics);
      };
      const giveUp = () => settle([]);
      const hear = ({ metricsOf, metrics = [] }: Partial<Answer>) => {
        if (metricsOf === metricsFor) settle(metrics);
      };
      const timer = setTimeout(giveUp, PATIENCE_MS);
      worker.on('message', hear);
      worker.once('exit', giveUp);
      worker.send({ metricsFor } satisfies Question, (error) => {
        if (error) giveUp();
      });
    });
  }

  return {
    async expose() {
      const connected = Object.values(cluster.workers ?? {}).filter(
        (worker) => worker?.isConnected() === true,
      );
      const answers = await Promise.all(connected.map((worker) => ask(worker as Worker)));
      const registry = AggregatorRegistry.aggregate(answers);
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
