import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';

/** A small JSON document that is kept beside the figures of a month, such as those that were frozen at its end. */
export interface MonthDocument {
  /** Of the program's own making, such as `closed` or `usage:2026-11-20T21:00:00.123Z`; ASCII. */
  name: string;
  /** JSON. */
  text: string;
}

export interface MonthDocuments {
  /** Documents of a month whose name begins with `beginning`, in the order of names. */
  documents(service: ServiceName, month: Month, beginning: string): Promise<MonthDocument[]>;

  /**
   * The text under a name, null when there is none; as safe from a failover as one that is written now. For telling
   * somebody that what they ask for was done before.
   */
  lastingDocument(service: ServiceName, month: Month, name: string): Promise<string | null>;

  /**
   * Keeps a document under its name, in one atomic step.
   *
   * @param expected the text that must stand there now, null for none; left out, whatever stands there is replaced
   * @returns false when something else than `expected` stands there; nothing is changed then
   */
  keepDocument(
    service: ServiceName,
    month: Month,
    document: MonthDocument,
    expected?: string | null,
  ): Promise<boolean>;
}
