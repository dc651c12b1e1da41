import type { AlertNotice } from '../../src/alerts/ports.ts';
import type { Month } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';

export const NOW = Date.parse('2026-11-20T21:00:00.123Z');

/** An alert of the service `default`: 400 of 500 identities, at 80 %. */
export function alertNotice(
  alert: Partial<AlertNotice['alert']> = {},
  mode: AlertNotice['mode'] = 'block',
): AlertNotice {
  const month = '2026-11' as Month;
  return {
    service: DEFAULT_SERVICE,
    alert: {
      ...{
        id: '17',
        at: NOW,
        month,
        budget: 'all',
        threshold: 80,
        state: 'escalated',
        limit: 500,
        used: 400,
      },
      ...alert,
    },
    mode,
  };
}
