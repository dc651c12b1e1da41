import type { ManifestAnswer } from '../../contract/closing.ts';
import type { Measure } from './measure-export.ts';

/** What an export is measured by. */
export type Measured = Pick<Measure, 'rows' | 'sha256' | 'isWhole'>;

/** In what an export is another than its manifest says, a sentence each; none when it fits. */
export function compareExport(found: Measured, manifest: ManifestAnswer): string[] {
  const faults: string[] = [];
  if (!found.isWhole) faults.push('it is not a list as `export --format json` writes it, a row a line');
  if (found.rows !== manifest.rows) faults.push(`${found.rows} rows, the manifest says ${manifest.rows}`);
  if (found.sha256 !== manifest.sha256) {
    faults.push('the bytes are others than those that the manifest is of (SHA-256)');
  }
  return faults;
}
