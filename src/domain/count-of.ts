/** One of several counts by name, 0 when there is none; a name may be that of a member which every object has. */
export function countOf(counts: Readonly<Record<string, number>>, name: string): number {
  return Object.hasOwn(counts, name) ? (counts[name] ?? 0) : 0;
}
