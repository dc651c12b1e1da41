import { error, type Finding, ok, warn } from '../finding.ts';
import type { JournalPlace } from '../ports.ts';

/**
 * @param bytesMax how large the journal may grow
 * @param place null: none is configured
 */
export function judgeJournal(place: JournalPlace | null, bytesMax: number, onRedis: boolean): Finding {
  if (place === null) {
    if (!onRedis) return ok('none; the embedded ledger is on the same disk');
    return warn({
      detail: 'JOURNAL_PATH is not set',
      why: 'While Redis is away, everybody is answered 503, also people who are counted, and what webhooks tell is lost.',
      fix: 'Set JOURNAL_PATH to a file on a disk that outlives the process, one for each gateway.',
    });
  }
  if (place.trouble !== null) {
    return error({
      detail: `cannot be written: ${place.trouble}`,
      why: 'The gateway refuses to start without the journal that it is told to keep.',
      fix: 'Make the folder of JOURNAL_PATH writable for the user that the gateway runs as, or name another.',
    });
  }
  const free = `${mebibytes(place.freeBytes)} MiB free`;
  if (place.freeBytes >= bytesMax) return ok(free);
  return warn({
    detail: `${free}, and the journal may grow to ${mebibytes(bytesMax)} MiB`,
    why: 'When the disk is full, evidence is refused in an outage although it was meant to be kept.',
    fix: 'Free some space, or lower ledger.journalMebibytesMax.',
  });
}

function mebibytes(bytes: number): string {
  return Math.floor(bytes / 2 ** 20).toLocaleString('en-US');
}
