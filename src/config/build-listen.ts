import type { ConfigParts } from './config-parts.ts';
import type { Settings } from './settings.ts';

type ListenSettings = Pick<
  Settings,
  'listen' | 'metricsPort' | 'publicUrl' | 'trustProxy' | 'corsOrigins' | 'log'
>;

/** Listeners, what the outside calls us, and the log. */
export function buildListen(
  { environment, findings }: Omit<ConfigParts, 'file'>,
  tty: boolean,
): ListenSettings {
  const host = environment.production ? '0.0.0.0' : '127.0.0.1';
  const listen = {
    host: findings.prefer('listen.host', [environment.get('HOST')], host),
    port: findings.prefer('listen.port', [environment.get('PORT')], 3000),
  };
  const metrics = environment.get('METRICS_PORT');
  const metricsPort = findings.prefer('metricsPort', [metrics], 9464);
  if (metricsPort === listen.port && metricsPort !== 0) {
    findings.fault({
      where: metrics?.where ?? environment.get('PORT')?.where ?? 'METRICS_PORT',
      expected: 'different ports in PORT and METRICS_PORT',
      found: `${metricsPort} in both`,
    });
  }
  return {
    listen,
    metricsPort,
    publicUrl: findings.prefer<string | null>('publicUrl', [environment.get('PUBLIC_URL')], null),
    trustProxy: findings.prefer<string | number | false>(
      'trustProxy',
      [environment.get('TRUST_PROXY')],
      false,
    ),
    corsOrigins: findings.prefer('corsOrigins', [environment.get('CORS_ORIGINS')], []),
    log: {
      level: findings.prefer('log.level', [environment.get('LOG_LEVEL')], 'info'),
      format: findings.prefer('log.format', [environment.get('LOG_FORMAT')], tty ? 'pretty' : 'json'),
    },
  };
}
