import { type Month, monthEndSeconds, monthStartSeconds } from '../../../domain/month.ts';
import type { AdmissionPreview, MonthPreview, MonthStanding } from '../../admission-preview.ts';
import type { AdmitRequest } from '../../ledger.ts';
import { createServiceKeys } from '../keys.ts';
import { readMonth, readMonthLimits } from '../months/read-totals.ts';
import type { NameKey } from '../names/names.ts';
import type { PageSource } from '../pages.ts';
import { codesInCounters } from '../records/counters.ts';
import { dayOf } from './admit-keys.ts';
import { readStanding } from './standing.ts';

/** Reads what an admission would look at; nothing of it is held while reading. */
export async function previewAdmission(source: PageSource, request: AdmitRequest): Promise<AdmissionPreview> {
  const standing = await readStanding(source, request);
  const months = standing.months.map((month) => previewMonth(source, month, request));
  return { ...standing, months: await Promise.all(months) };
}

async function previewMonth(
  source: PageSource,
  standing: MonthStanding,
  { life }: AdmitRequest,
): Promise<MonthPreview> {
  const { month } = standing;
  const at = Math.min(Math.max(life.issuedAt, monthStartSeconds(month)), monthEndSeconds(month) - 1);
  const [{ all, byClass, byTenant }, limits] = await Promise.all([
    readMonth(source, month),
    readMonthLimits(source, month),
  ]);
  const classes = Object.keys(limits.budget?.priorities ?? {});
  const newThisHour = await countNewcomers(source, { month, at, classes });
  return { ...standing, limits, all, byClass, byTenant, newThisHour };
}

/** Of these classes, in the UTC hour of an instant. */
async function countNewcomers(
  { client, names, prefix, service }: PageSource,
  { month, at, classes }: { month: Month; at: number; classes: readonly string[] },
): Promise<number> {
  const day = await client.hgetall(createServiceKeys(prefix, service).day(month, dayOf(at)));
  const wanted = new Set<NameKey>();
  codesInCounters(day, wanted);
  const nameOf = await names.lookUp(service, wanted);
  const hour = Math.floor(at / 3600) % 24;
  let newcomers = 0;
  for (const [field, count] of Object.entries(day)) {
    const [kind, code, ofHour] = field.split(':');
    if (kind !== 'new' || Number(ofHour) !== hour) continue;
    if (classes.includes(nameOf('class', Number(code)))) newcomers += Number(count);
  }
  return newcomers;
}
