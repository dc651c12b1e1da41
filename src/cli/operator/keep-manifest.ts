import { type ManifestAnswer, manifestSchema } from '../../contract/closing.ts';
import { compareExport, type Measured } from './compare-export.ts';
import type { ExportFileFormat } from './export-rows.ts';
import { writeWhole } from './open-export-file.ts';
import type { Session } from './session.ts';

export interface ManifestOrder {
  /** Of the month, such as `/v1/months/2026-11`. */
  path: string;
  format: ExportFileFormat;
  /** The file to keep it in. */
  into: string;
  /** Of the export, in the format of the manifest. */
  measure(format: ManifestAnswer['format']): Promise<Measured>;
}

/** Keeps the manifest of an export, and answers in what the two do not fit. */
export async function keepManifest(session: Session, order: ManifestOrder): Promise<string[]> {
  const { data, json } = await session.read({
    path: `${order.path}/manifest`,
    // A JSON file holds the rows of the NDJSON export.
    query: { format: order.format === 'csv' ? 'csv' : 'ndjson' },
    schema: manifestSchema,
  });
  await writeWhole(order.into, `${JSON.stringify(json, null, 2)}\n`);
  return compareExport(await order.measure(data.format), data);
}
