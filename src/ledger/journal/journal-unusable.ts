import { GatewayError } from '../../domain/gateway-error.ts';

/** The journal cannot be opened: another process has it, the file is something else, or the disk refuses. */
export class JournalUnusable extends GatewayError {
  readonly path: string;

  constructor(path: string, internalDetail: string, options: { cause?: unknown } = {}) {
    super('ledger-unavailable', internalDetail, options);
    this.name = 'JournalUnusable';
    this.path = path;
  }
}
