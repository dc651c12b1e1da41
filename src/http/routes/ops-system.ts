import type { RequestHandler } from 'express';
import type { Clock } from '../../domain/clock.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import { monthOf } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { LedgerLifecycle, LedgerReader } from '../../ledger/ledger.ts';
import type { MonthDocuments } from '../../ledger/month-documents.ts';
import type { GatewayStateSource } from '../../ops/gateway-state.ts';
import { buildSystemPage, type LedgerHealth } from '../../ops/system-page.ts';
import { readNewestSetup } from '../../reconcile/newest-setup.ts';
import { readNewestUsage } from '../../reconcile/newest-usage.ts';
import { readHygiene } from '../../reports/read-hygiene.ts';
import type { OpsContext } from './ops-context.ts';

export interface OpsSystemDeps {
  ledger: Pick<LedgerReader, 'totals' | 'days'> &
    Pick<LedgerLifecycle, 'ping'> &
    Pick<MonthDocuments, 'documents'>;
  clock: Clock;
  gateway: GatewayStateSource;
}

/** What runs here and how it is. Says what it knows also while the ledger is away. */
export function createSystemPage(
  { ledger, clock, gateway }: OpsSystemDeps,
  { visitOf }: OpsContext,
): RequestHandler {
  async function readHealth(service: ServiceName): Promise<LedgerHealth> {
    const askedMs = clock.now();
    const began = performance.now();
    const ledgerMs = await ledger.ping(service);
    const answerMs = performance.now() - began;
    const skewMs = ledgerMs - (askedMs + clock.now()) / 2;
    const month = monthOf(askedMs);
    const [memory, usage, findings, setup] = await Promise.all([
      // Beside the point of the page: it goes without when only this does not come.
      gateway
        .readMemory()
        .catch(() => null),
      readNewestUsage(ledger, service, month, askedMs),
      readHygiene(ledger, service, month, askedMs),
      readNewestSetup(ledger, service, month, askedMs),
    ]);
    return { answerMs, skewMs, memory, usage, findings, setup };
  }

  return async (_request, response) => {
    const { frame } = visitOf(response);
    const health = await readHealth(frame.visitor.service).catch((error: unknown) => {
      if (error instanceof GatewayError) return null;
      throw error;
    });
    const nowMs = clock.now();
    if (health === null) response.status(503);
    response.send(buildSystemPage({ frame, nowMs, month: monthOf(nowMs), gateway: gateway.read(), health }));
  };
}
