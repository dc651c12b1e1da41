import type { Request } from 'express';
import { type InputFault, refused } from '../domain/refusal.ts';
import { DEFAULT_SERVICE, type ServiceName } from '../domain/service-name.ts';
import { FAULTS_MAX } from './input-faults.ts';
import type { Problem } from './problem.ts';
import { searchOf } from './search-of.ts';

/** The query of an operator's request by name; null is: not there. */
export type OperatorQuery<Name extends string> = Record<Name, string | null>;

/** Reads a query; unknown and repeated names are faults, since a misspelt one would change nothing in silence. */
export function readQuery<Name extends string>(
  request: Request,
  names: readonly Name[],
): { query: OperatorQuery<Name>; faults: InputFault[] } {
  const search = searchOf(request);
  const all = [...new Set(search.keys())].flatMap((name) => {
    const pointer = `?${name.slice(0, 64)}`;
    if (!(names as readonly string[]).includes(name)) {
      return [{ pointer, detail: `Unknown; this address takes ${names.join(', ') || 'no parameters'}.` }];
    }
    return search.getAll(name).length > 1 ? [{ pointer, detail: 'May stand here only once.' }] : [];
  });
  const faults: InputFault[] = all.slice(0, FAULTS_MAX);
  if (all.length > FAULTS_MAX) {
    faults.push({ pointer: '', detail: `${all.length - FAULTS_MAX} more faults are not listed.` });
  }
  const query = Object.fromEntries(names.map((name) => [name, search.get(name)])) as OperatorQuery<Name>;
  return { query, faults };
}

/** The configured service that is asked for, `default` unless told; else `not-found`. */
export function findService(services: readonly ServiceName[], asked: string | null): ServiceName | Problem {
  const found = services.find((name) => name === (asked ?? DEFAULT_SERVICE));
  return found ?? refused('not-found', { detail: 'There is no such service.' });
}

/** Where the cursor of a listing is malformed, or belongs to another one. */
export const STRANGE_CURSOR: InputFault = {
  pointer: '?cursor',
  detail: 'Is not a cursor of this listing.',
};

export function refusedQuery(errors: InputFault[]): Problem {
  return refused('invalid-request', { detail: 'The query is not valid.', errors });
}
