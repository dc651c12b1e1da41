import type { ServiceName } from '../domain/service-name.ts';
import type { Evidence, EvidenceLedger } from '../ledger/ledger.ts';
import type { RecordEvidence } from './ports.ts';

/** What the ledger writes in one call; see `ledger/redis/evidence.ts`. */
const PIECES_MAX = 64;

interface Batch {
  pieces: Evidence[];
  done: Promise<void>;
}

/**
 * Brings the evidence of one event-loop turn to the ledger in as few calls as it takes. A call that fails fails for
 * everybody in it, and repeating does no harm.
 */
export function createEvidenceBatches(ledger: EvidenceLedger): RecordEvidence {
  const open = new Map<ServiceName, Batch>();

  function begin(service: ServiceName): Batch {
    const pieces: Evidence[] = [];
    const done = new Promise<void>((resolve, reject) => {
      setImmediate(() => {
        if (open.get(service)?.pieces === pieces) open.delete(service);
        ledger.record(service, pieces).then(resolve, reject);
      });
    });
    const batch = { pieces, done };
    open.set(service, batch);
    return batch;
  }

  return (service, evidence) => {
    const joined = open.get(service);
    const fits = joined !== undefined && joined.pieces.length + evidence.length <= PIECES_MAX;
    const batch = fits ? joined : begin(service);
    batch.pieces.push(...evidence);
    return batch.done;
  };
}
