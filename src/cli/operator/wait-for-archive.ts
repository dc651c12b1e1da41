import { setTimeout as pause } from 'node:timers/promises';
import { type MonthArchiveAnswer, monthArchiveSchema } from '../../contract/archive.ts';
import { EXIT } from '../exit-codes.ts';
import { formatMonthArchive } from './format-archive.ts';
import type { Session } from './session.ts';

/** How often the gateway is asked how far it is. */
const LOOK_MS = 500;

/** Orders work on a month of the archive and waits for its end; exit 1 when it failed. */
export async function orderArchiveWork(
  session: Session,
  order: { path: string; body: object; detach: boolean },
): Promise<number> {
  const { path, body, detach } = order;
  let { data, json } = await session.write({ method: 'POST', path, schema: monthArchiveSchema, body });
  if (data.running !== null && !detach) session.say(`${data.month}: at work (${data.running}) …`);
  while (data.running !== null && !detach) {
    await pause(LOOK_MS);
    // By name, so that the turn of a month does not lead to another one.
    ({ data, json } = await session.read<MonthArchiveAnswer>({
      path: `/v1/months/${data.month}/archive`,
      schema: monthArchiveSchema,
    }));
  }
  session.tell(json, formatMonthArchive(data));
  return data.running === null && data.trouble !== null ? EXIT.failure : EXIT.ok;
}
