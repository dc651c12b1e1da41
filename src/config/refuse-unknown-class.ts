import type { ConfigParts } from './config-parts.ts';
import type { ClassSettings } from './settings.ts';

/** While the name of a class is at fault it is empty, and whoever names that class may be right. */
export function refuseUnknownClass(
  { file, findings }: ConfigParts,
  path: readonly (string | number)[],
  name: string,
  classes: readonly ClassSettings[],
): void {
  if (classes.some((known) => known.name === name || known.name === '')) return;
  const expected = `one of the classes ${classes.map((known) => known.name).join(', ')}`;
  findings.fault({ ...file.place(path), expected, found: `"${name}"` });
}
