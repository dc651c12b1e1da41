const BATCH = 500;

/**
 * What some people of a month were seen to do, so that pages have every panel to show.
 *
 * @param {{ record: (service: string, evidence: readonly object[]) => Promise<unknown> }} ledger
 * @param {{ service: string, people: readonly { identity: string }[], nowMs: number }} month
 */
export async function recordLivelyPeople(ledger, { service, people, nowMs }) {
  for (let from = 0; from < people.length; from += BATCH) {
    const evidence = people.slice(from, from + BATCH).flatMap(({ identity }, index) =>
      ['connected', 'joined', 'messaged', 'read'].slice(0, 1 + (index % 4)).map((signal) => ({
        ...{ identity, signal, at: nowMs, source: 'beacon', className: 'member' },
      })),
    );
    await ledger.record(service, evidence);
  }
}
