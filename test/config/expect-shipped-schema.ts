import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { REPOSITORY, readRepositoryFile } from './support.ts';

/** That a shipped JSON Schema is the one that the code generates. To make it anew: UPDATE_SCHEMA=1, then format. */
export function expectShippedSchema(path: string, generated: object): void {
  if (process.env['UPDATE_SCHEMA']) {
    writeFileSync(join(REPOSITORY, path), `${JSON.stringify(generated, null, 2)}\n`);
  }
  expect(JSON.parse(readRepositoryFile(path))).toEqual(JSON.parse(JSON.stringify(generated)));
}
