import { daysInMonth, type Month, monthOf } from '../../../src/domain/month.ts';
import { bitOf, SIGNALS } from '../../../src/domain/signal.ts';
import type { DayTotals, MonthTotals } from '../../../src/ledger/ledger.ts';
import type { IdentityRecord, MintRecord } from '../../../src/ledger/records.ts';
import type { ModelLedger } from './model-ledger.ts';

/** A month's totals, counted anew from its people; from the records of a scan just as from the model's. */
export function recount(people: readonly Pick<IdentityRecord, 'className' | 'tenant' | 'mask'>[]) {
  const byClass: Record<string, number> = {};
  const byTenant: Record<string, number> = {};
  const masks = new Map<string, MonthTotals['masks'][number]>();
  for (const { className, tenant, mask } of people) {
    byClass[className] = (byClass[className] ?? 0) + 1;
    if (tenant !== null) byTenant[tenant] = (byTenant[tenant] ?? 0) + 1;
    const key = `${className} ${mask}`;
    const entry = masks.get(key) ?? { className, mask, identities: 0 };
    masks.set(key, { ...entry, identities: entry.identities + 1 });
  }
  return { all: people.length, byClass, byTenant, masks: sortMasks([...masks.values()]) };
}

export function sortMasks(masks: MonthTotals['masks']): MonthTotals['masks'] {
  return masks.toSorted((a, b) => a.className.localeCompare(b.className) || a.mask - b.mask);
}

export function modelPeople(model: ModelLedger, month: Month): IdentityRecord[] {
  return [...model.peopleOf(month)].map(([identity, person]) => {
    const { className, tenant, firstSeen, lastSeen, mints } = person;
    const names = [...person.signals.keys(), ...person.marks];
    return {
      identity,
      className,
      tenant,
      firstSeen,
      lastSeen,
      mints,
      mask: names.reduce((mask, name) => mask | bitOf(name), 0),
      signals: SIGNALS.flatMap((signal) => {
        const found = person.signals.get(signal);
        return found ? [{ signal, ...found }] : [];
      }),
    };
  });
}

export function modelMints(model: ModelLedger, month: Month): MintRecord[] {
  return model.mints.filter((mint) => mint.month === month).map(({ month: _, ...mint }) => mint);
}

export function modelTotals(model: ModelLedger, month: Month): MonthTotals {
  const isHere = (at: number) => monthOf(at * 1000) === month;
  const refused: Record<string, number> = {};
  for (const { code, at } of model.refusals) if (isHere(at)) refused[code] = (refused[code] ?? 0) + 1;
  const shadow: Record<string, number> = {};
  for (const { rule, month: here } of model.shadows)
    if (here === month) shadow[rule] = (shadow[rule] ?? 0) + 1;
  return {
    month,
    ...recount(modelPeople(model, month)),
    conversations: model.conversations.countIn(month),
    minted: modelMints(model, month).length,
    reused: model.reuses.filter(isHere).length,
    adopted: model.bonds.adoptedAt.filter((at) => isHere(at / 1000)).length,
    refused,
    shadow,
    beacons: sumOfBeacons(model, isHere),
    budget: model.limits.budget(month),
    raises: model.limits.raisesOf(month),
    frozenSince: model.limits.frozenSince(month),
  };
}

export function modelDays(model: ModelLedger, month: Month): DayTotals[] {
  return Array.from({ length: daysInMonth(month) }, (_, position) => {
    const day = `${month}-${String(position + 1).padStart(2, '0')}`;
    const isHere = (at: number) => new Date(at * 1000).toISOString().startsWith(day);
    const newByClass: Record<string, number> = {};
    const newByHour: number[] = new Array(24).fill(0);
    for (const { className, firstSeen } of model.peopleOf(month).values()) {
      if (!isHere(firstSeen)) continue;
      newByClass[className] = (newByClass[className] ?? 0) + 1;
      const hour = new Date(firstSeen * 1000).getUTCHours();
      newByHour[hour] = (newByHour[hour] ?? 0) + 1;
    }
    const refused: Record<string, number> = {};
    for (const { code, at } of model.refusals) if (isHere(at)) refused[code] = (refused[code] ?? 0) + 1;
    return {
      day,
      newByClass,
      newByHour,
      minted: model.mints.filter(({ issuedAt }) => isHere(issuedAt)).length,
      reused: model.reuses.filter(isHere).length,
      refused,
      beacons: sumOfBeacons(model, isHere),
    };
  });
}

function sumOfBeacons(model: ModelLedger, isHere: (at: number) => boolean): number {
  return model.beacons.reduce((sum, { beacons, at }) => (isHere(at) ? sum + beacons : sum), 0);
}
