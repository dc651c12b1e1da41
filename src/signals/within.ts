import { GatewayError } from '../domain/gateway-error.ts';

/**
 * What the work answers, or a failure once so many ms are over; the work itself goes on then.
 *
 * @throws GatewayError `ledger-unavailable` when it takes longer
 */
export async function within<Answer>(ms: number, work: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new GatewayError('ledger-unavailable', `no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
